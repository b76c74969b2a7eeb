import type { Draft } from "../../beam/protos/message-type.js";
import type { StageFailed } from "../../beam/protos/types/link.js";
import { HostError } from "../host-error.js";
import { InstructionFailedError } from "../instruction-failed.js";
import { WorkerGoneError } from "../worker-gone.js";
import { WorkerNotStartedError } from "../worker-not-started.js";
import { readFailure } from "./read-failure.js";

const goneHint =
  "a function has ended or blocked the worker's process, or the system has, for its memory mostly; " +
  "spark.beam2spark.workerSilenceSeconds says how long a worker may answer nothing";

/** The code of whatever is nobody's known failure: a mistake of the host, or of a worker in what it sends. */
export const unexpectedFailure = "runtime/host-failed";

/**
 * What a task is told of what has failed it. A stack of the host's own is in none of it.
 *
 * @param names the full names of the stage's transforms, by id
 */
export function describeFailure(
  error: unknown,
  names: ReadonlyMap<string, string>,
): Exclude<Draft<StageFailed>, Uint8Array> {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof InstructionFailedError) {
    const failure = readFailure(message);
    // Not every SDK says whose function it was, but there may be only one.
    const [only] = names.size === 1 ? names.values() : [];
    return { ...failure, code: "", transform: names.get(failure.transform) ?? (failure.transform || only) };
  }
  if (error instanceof HostError)
    return { code: error.code, message, transform: error.transform, hint: error.hint };
  if (error instanceof WorkerNotStartedError) {
    return { code: error.diagnostic.code, message, hint: error.diagnostic.hint };
  }
  if (error instanceof WorkerGoneError) return { code: "runtime/worker-gone", message, hint: goneHint };
  return { code: unexpectedFailure, message, hint: "the log of the Fn API host says where" };
}
