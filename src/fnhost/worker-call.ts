import { status } from "@grpc/grpc-js";
import type { Message } from "../beam/protos/message-type.js";
import type { ServerStream } from "./fn-streams.js";
import type { Worker } from "./worker.js";
import type { Workers } from "./workers.js";

/** What a call gets that names no worker, or one that nobody has asked for. */
export const unknownWorker = {
  code: status.PERMISSION_DENIED,
  details: "the worker_id header names no worker that this host has asked for",
} as const;

/** What a call gets that is a worker's second of its kind. */
export function secondStream(kind: string) {
  return {
    code: status.ALREADY_EXISTS,
    details: `the worker has opened its ${kind} stream before`,
  } as const;
}

/** The worker of a call; a call of nobody's is ended, and gives null. */
export function workerOf<In extends Message, Out extends Message>(
  call: ServerStream<In, Out>,
  workers: Workers,
): Worker | null {
  const worker = workers.of(call.metadata);
  if (worker === null) call.emit("error", unknownWorker);
  return worker;
}

/**
 * The worker that opens its control stream, and ends with it: a worker without it can't go on. A second one is somebody
 * else's, and refused as a call of nobody's is; then it gives null.
 */
export function acceptControl<In extends Message, Out extends Message>(
  call: ServerStream<In, Out>,
  workers: Workers,
): Worker | null {
  const worker = workerOf(call, workers);
  if (worker === null) return null;
  if (!worker.opens("control")) {
    call.emit("error", secondStream("control"));
    return null;
  }
  const ended = (): void => worker.lose("the worker has closed its control stream");
  call.on("end", ended);
  call.on("cancelled", ended);
  call.on("error", (error) => worker.lose(`the worker's control stream has failed: ${error.message}`));
  return worker;
}
