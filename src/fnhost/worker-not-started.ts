import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { WorkerGoneError } from "./worker-gone.js";

/** A worker could not be started. `message` is the diagnostic's sentence, and what the worker has said at last. */
export class WorkerNotStartedError extends WorkerGoneError {
  override readonly name: string = "WorkerNotStartedError";
  readonly diagnostic: Diagnostic;

  /** @param output the end of what the worker wrote, empty where it wrote nothing or never ran */
  constructor(diagnostic: Diagnostic, output = "") {
    super(output === "" ? diagnostic.why : `${diagnostic.why}; the end of its output:\n${output}`);
    this.diagnostic = diagnostic;
  }
}
