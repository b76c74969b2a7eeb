import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Elements } from "../beam/protos/types/data.js";
import type { ServerStream } from "./fn-streams.js";
import { acceptStream } from "./worker-call.js";
import type { Workers } from "./workers.js";

/** Beam's `BeamFnData`: elements and timers, to a worker and from it. */
export function createDataService(workers: Workers): UntypedServiceImplementation {
  return {
    Data: (call: ServerStream<Elements, Elements>) => {
      const worker = acceptStream(call, workers, "data");
      if (worker === null) return;
      worker.data.attach(call);
    },
  };
}
