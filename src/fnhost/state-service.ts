import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { StateRequest, StateResponse } from "../beam/protos/types/state.js";
import type { ServerStream } from "./fn-streams.js";
import { acceptStream } from "./worker-call.js";
import type { Workers } from "./workers.js";

/** Beam's `BeamFnState`: what a worker reads and writes beside its elements. */
export function createStateService(workers: Workers): UntypedServiceImplementation {
  return {
    State: (call: ServerStream<StateRequest, StateResponse>) => {
      const worker = acceptStream(call, workers, "state");
      if (worker === null) return;
      worker.state.attach(call);
    },
  };
}
