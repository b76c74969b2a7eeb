import type { Metadata, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Draft } from "../beam/protos/message-type.js";
import type { GetProvisionInfoResponse } from "../beam/protos/types/provision.js";
import { unknownWorker } from "./worker-call.js";
import type { Workers } from "./workers.js";

/**
 * Beam's `ProvisionService`: what a worker's boot program asks first. `runner_capabilities` stays empty, so that
 * workers use nothing that is optional, and so does the retrieval token, which belongs to an older way to fetch
 * artifacts.
 */
export function createProvisionService(
  workers: Workers,
  endpoint: () => string,
): UntypedServiceImplementation {
  return {
    GetProvisionInfo: (
      call: { readonly metadata: Metadata },
      callback: sendUnaryData<Draft<GetProvisionInfoResponse>>,
    ) => {
      const worker = workers.of(call.metadata);
      if (worker === null) {
        callback(unknownWorker);
        return;
      }
      const { pipelineOptions, metadata, artifacts = [] } = worker.facts;
      const here = { url: endpoint() };
      callback(null, {
        info: {
          pipelineOptions,
          metadata,
          dependencies: artifacts.map(({ information }) => information),
          loggingEndpoint: here,
          artifactEndpoint: here,
          controlEndpoint: here,
        },
      });
    },
  };
}
