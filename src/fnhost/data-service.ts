import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Elements } from "../beam/protos/types/data.js";
import type { ServerStream } from "./fn-streams.js";
import { endWith, workerOf } from "./worker-call.js";
import type { Workers } from "./workers.js";

/** Beam's `BeamFnData`: elements and timers, to a worker and from it. */
export function createDataService(workers: Workers): UntypedServiceImplementation {
  return {
    Data: (call: ServerStream<Elements, Elements>) => {
      const worker = workerOf(call, workers);
      if (worker === null) return;
      endWith(call, worker, "data");
      worker.data.attach(call);
    },
  };
}
