import { type Metadata, status } from "@grpc/grpc-js";
import type { Message } from "../beam/protos/message-type.js";
import type { ServerStream } from "./fn-streams.js";
import type { Worker } from "./worker.js";
import type { Workers } from "./workers.js";

/** What a call gets that names no worker, or one that nobody has asked for. */
export const unknownWorker = {
  code: status.PERMISSION_DENIED,
  details: "the worker_id header names no worker that this host has asked for",
} as const;

/** The worker of a call; a call of nobody's is ended, and gives null. */
export function workerOf<In extends Message, Out extends Message>(
  call: ServerStream<In, Out> & { readonly metadata: Metadata },
  workers: Workers,
): Worker | null {
  const worker = workers.of(call.metadata);
  if (worker === null) call.emit("error", unknownWorker);
  return worker;
}

/** Ends the worker when one of its streams does: a worker without it can't go on. */
export function endWith<In extends Message, Out extends Message>(
  call: ServerStream<In, Out>,
  worker: Worker,
  stream: string,
): void {
  const ended = (): void => worker.lose(`the worker has closed its ${stream} stream`);
  call.on("end", ended);
  call.on("cancelled", ended);
  call.on("error", (error) => worker.lose(`the worker's ${stream} stream has failed: ${error.message}`));
}
