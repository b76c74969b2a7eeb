import type { Code, ParametersOf } from "../diagnostics/catalogue.js";
import { diagnose } from "../diagnostics/diagnose.js";
import { WorkerNotStartedError } from "../fnhost/worker-not-started.js";

/** The error of a worker that could not be started, and the end of what it wrote, if it did. */
export function startFailure<C extends Code>(
  code: C,
  parameters: ParametersOf<C>,
  output = "",
): WorkerNotStartedError {
  return new WorkerNotStartedError(diagnose(code, {}, parameters), output);
}

/** The same of an error that some part of the start gave: one of ours stays what it is. */
export function asStartFailure(error: unknown): WorkerNotStartedError {
  if (error instanceof WorkerNotStartedError) return error;
  return startFailure("worker/not-started", {
    reason: error instanceof Error ? error.message : String(error),
  });
}
