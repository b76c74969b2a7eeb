import { type sendUnaryData, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Draft } from "../../beam/protos/message-type.js";
import type {
  StartWorkerRequest,
  StartWorkerResponse,
  StopWorkerRequest,
  StopWorkerResponse,
} from "../../beam/protos/types/worker-pool.js";
import { writeEnd } from "../end-text.js";
import { answerParameter } from "../pool-api.js";
import type { PoolWorkers } from "./pool-workers.js";

interface StartCall {
  readonly request: StartWorkerRequest;
  readonly cancelled: boolean;
  once(event: "cancelled", listener: () => void): unknown;
}

/**
 * Beam's `BeamFnExternalWorkerPool`. Who asks for it is answered when the worker has ended, and takes the worker
 * along by going away (`answerParameter`).
 */
export function createPoolService(workers: PoolWorkers): UntypedServiceImplementation {
  return {
    StartWorker: (call: StartCall, callback: sendUnaryData<Draft<StartWorkerResponse>>) => {
      startWorker(call, workers).then(
        (error) => callback(null, { error }),
        (error: Error) => callback({ code: status.INTERNAL, details: error.message }),
      );
    },
    StopWorker: (
      { request: { workerId } }: { readonly request: StopWorkerRequest },
      callback: sendUnaryData<Draft<StopWorkerResponse>>,
    ) => {
      workers.stop(workerId).then(
        (wasHere) => callback(null, { error: wasHere ? "" : "no such worker is here" }),
        (error: Error) => callback({ code: status.INTERNAL, details: error.message }),
      );
    },
  };
}

// What is wrong with a worker is an answer, and no failure of the call.
async function startWorker(call: StartCall, workers: PoolWorkers): Promise<string> {
  const { workerId, params } = call.request;
  const isHeld = params.get(answerParameter.name) === answerParameter.atEnd;
  if (isHeld) call.once("cancelled", () => void workers.stop(workerId));
  try {
    const started = await workers.start(call.request);
    if (!isHeld) return "";
    if (call.cancelled) void workers.stop(workerId);
    return writeEnd(await started.ended);
  } catch (error) {
    return (error as Error).message;
  }
}
