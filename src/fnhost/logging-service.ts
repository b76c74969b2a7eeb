import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { LogControl, LogEntry, LogEntryList } from "../beam/protos/types/logging.js";
import type { ServerStream } from "./fn-streams.js";
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
        for (const entry of logEntries) if (!worker.logs.take(entry)) listen(worker.id, entry);
      });
      call.on("end", () => call.end());
      call.on("error", () => {});
      worker.onEnd(() => call.end());
    },
  };
}
