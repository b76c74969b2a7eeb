import type { Draft } from "../../beam/protos/message-type.js";
import type { LogMessage } from "../../beam/protos/types/link.js";
import { type LogEntry, LogEntrySeverity } from "../../beam/protos/types/logging.js";

/** So many characters of a message go to the task; the worker has the rest in its memory no longer. */
const longestText = 8_000;

/** What Beam's job service calls the importance of entries from a severity on. */
const importances: readonly (readonly [number, string])[] = [
  [LogEntrySeverity.ERROR, "error"],
  [LogEntrySeverity.WARN, "warning"],
  [LogEntrySeverity.INFO, "basic"],
  [LogEntrySeverity.DEBUG, "detailed"],
];

/**
 * A worker's log entry as a task takes it.
 *
 * @param names the full names of the stage's transforms, by id
 */
export function createLogMessage(
  { severity, message, trace, transformId, thread }: LogEntry,
  names: ReadonlyMap<string, string>,
): Exclude<Draft<LogMessage>, Uint8Array> {
  // Some SDKs have the traceback in the message, too.
  const whole = trace === "" || message.includes(trace.trimEnd()) ? message : `${message}\n${trace}`;
  const half = longestText / 2;
  const text = whole.length <= longestText ? whole : `${whole.slice(0, half)} … ${whole.slice(-half)}`;
  const importance = importances.find(([least]) => severity >= least)?.[1] ?? "debug";
  return { importance, text, transform: names.get(transformId) ?? transformId, thread };
}
