import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { LogControl, LogEntry, LogEntryList } from "../beam/protos/types/logging.js";
import type { ServerStream } from "./fn-streams.js";
import type { Worker } from "./worker.js";
import { workerOf } from "./worker-call.js";
import type { Workers } from "./workers.js";

/** Takes what a worker logs while it works for nobody. */
export type LogListener = (workerId: string, entry: LogEntry) => void;

/** Beam's `BeamFnLogging`. A worker whose log ends may still be at work. */
export function createLoggingService(workers: Workers, listen: LogListener): UntypedServiceImplementation {
  return {
    Logging: (call: ServerStream<LogEntryList, LogControl>) => {
      const worker = workerOf(call, workers);
      if (worker === null) return;
      call.on("data", ({ logEntries }) => {
        for (const entry of logEntries) if (!takeEntry(entry, worker, workers)) listen(worker.id, entry);
      });
      call.on("end", () => call.end());
      call.on("error", () => {});
      worker.onEnd(() => call.end());
    },
  };
}

/**
 * Hands an entry to the task that it is of, which may have another worker than the one that sends it: a program in
 * LOOPBACK has all its workers in one process, and the SDKs of Go and Java have one log there, that of the worker that
 * was started last. @returns whether there is such a task
 */
function takeEntry(entry: LogEntry, sender: Worker, workers: Workers): boolean {
  if (sender.logs.take(entry)) return true;
  return entry.instructionId !== "" && workers.all().some(({ logs }) => logs.take(entry));
}
