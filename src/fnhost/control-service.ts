import { type Metadata, type sendUnaryData, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Draft } from "../beam/protos/message-type.js";
import type { ProcessBundleDescriptor } from "../beam/protos/types/bundle.js";
import type {
  GetProcessBundleDescriptorRequest,
  InstructionRequest,
  InstructionResponse,
} from "../beam/protos/types/control.js";
import type { ServerStream } from "./fn-streams.js";
import { acceptControl, unknownWorker } from "./worker-call.js";
import type { Workers } from "./workers.js";

/** Beam's `BeamFnControl`: the way to a worker, and the stages that its instructions name. */
export function createControlService(
  workers: Workers,
  descriptors: ReadonlyMap<string, Draft<ProcessBundleDescriptor>>,
): UntypedServiceImplementation {
  return {
    Control: (call: ServerStream<InstructionResponse, InstructionRequest>) => {
      const worker = acceptControl(call, workers);
      if (worker === null) return;
      worker.control.attach(call);
    },
    GetProcessBundleDescriptor: (
      call: { readonly request: GetProcessBundleDescriptorRequest; readonly metadata: Metadata },
      callback: sendUnaryData<Draft<ProcessBundleDescriptor>>,
    ) => {
      const id = call.request.processBundleDescriptorId;
      const descriptor = descriptors.get(id);
      if (workers.of(call.metadata) === null) callback(unknownWorker);
      else if (descriptor === undefined)
        callback({ code: status.NOT_FOUND, details: `no stage ${id} is open` });
      else callback(null, descriptor);
    },
  };
}
