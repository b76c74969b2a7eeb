import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { formatDiagnostics } from "../diagnostics/format.js";

/** Prints diagnostics to standard error, where they are in nobody's way. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[]): void {
  process.stderr.write(formatDiagnostics(diagnostics));
}
