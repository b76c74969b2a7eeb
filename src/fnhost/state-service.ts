import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { StateRequest, StateResponse } from "../beam/protos/types/state.js";
import type { ServerStream } from "./fn-streams.js";
import { endWith, workerOf } from "./worker-call.js";
import type { Workers } from "./workers.js";

/** Beam's `BeamFnState`: what a worker reads and writes beside its elements. */
export function createStateService(workers: Workers): UntypedServiceImplementation {
  return {
    State: (call: ServerStream<StateRequest, StateResponse>) => {
      const worker = workerOf(call, workers);
      if (worker === null) return;
      endWith(call, worker, "state");
      worker.state.attach(call);
    },
  };
}
