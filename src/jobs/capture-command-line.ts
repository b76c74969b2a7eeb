import { diagnose } from "../diagnostics/diagnose.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { choosePython } from "../machine/choose-python.js";
import { findPackageRoot } from "../package-root.js";
import { type Capture, captureProgram } from "./capture.js";
import { resolveProgram } from "./program.js";

/**
 * Captures what a command as typed by the user submits, with the Python that `choosePython` finds for it.
 *
 * Out and errors: as `captureProgram`, and `capture/python-missing`.
 */
export async function captureCommandLine(request: {
  readonly command: readonly string[];
  readonly output: string;
  readonly python: string | undefined;
}): Promise<Result<Capture>> {
  const chosen = choosePython({
    asked: request.python,
    environment: process.env,
    projectFolders: [process.cwd(), findPackageRoot()],
  });
  if (!chosen.ok) {
    return { ok: false, diagnostics: [diagnose("capture/python-missing", {}, { looked: chosen.looked })] };
  }
  const program = resolveProgram(request.command, chosen.python);
  return captureProgram({ program, output: request.output, environment: process.env });
}
