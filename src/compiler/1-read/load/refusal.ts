import type { Code, ParametersOf } from "../../../diagnostics/catalogue.js";
import { diagnose } from "../../../diagnostics/diagnose.js";
import type { Diagnostic, Place } from "../../../diagnostics/diagnostic.js";

/** A diagnostic on its way out of the file-reading code, which has nothing to go on with. */
class RefusalError extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.code);
    this.diagnostic = diagnostic;
  }
}

/** Ends the loading with a diagnostic. */
export function refuse<C extends Code>(code: C, at: Place, parameters: ParametersOf<C>): never {
  throw new RefusalError(diagnose(code, at, parameters));
}

/** Whether an error is a diagnostic on its way out. */
export function isRefusal(error: unknown): boolean {
  return error instanceof RefusalError;
}

/**
 * The diagnostic that an error stands for: a refusal's own, or that the file `path` can't be read where the operating
 * system said so. Any other error is a defect of ours and goes on.
 */
export function toDiagnostic(error: unknown, path: string): Diagnostic {
  if (error instanceof RefusalError) return error.diagnostic;
  if (error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string") {
    return diagnose("read/file-unreadable", { path }, { reason: reasons[error.code] ?? error.code });
  }
  throw error;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is not a folder",
  ELOOP: "its symbolic links lead in a circle",
  ENAMETOOLONG: "its name is too long",
};
