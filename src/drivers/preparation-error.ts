import type { Diagnostic } from "../diagnostics/diagnostic.js";

/** What a driver needs could not be made. */
export class PreparationError extends Error {
  override readonly name = "PreparationError";
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.why);
    this.diagnostic = diagnostic;
  }
}
