import * as pool from "../beam/protos/types/worker-pool.js";
import { codecOf, defineService } from "../rpc/define-service.js";

/** `BeamFnExternalWorkerPool` of worker-pool.proto. */
export const workerPoolService = defineService(
  "org.apache.beam.model.fn_execution.v1.BeamFnExternalWorkerPool",
  {
    StartWorker: {
      request: codecOf(pool.StartWorkerRequest),
      response: codecOf(pool.StartWorkerResponse),
    },
    StopWorker: { request: codecOf(pool.StopWorkerRequest), response: codecOf(pool.StopWorkerResponse) },
  },
);

/**
 * A parameter of StartWorker by which our host asks our pool to answer when the worker has ended, and how. Other
 * pools answer at once, and nobody hears of their workers' ends.
 */
export const answerParameter = { name: "beam2spark_answer", atEnd: "at-end" } as const;
