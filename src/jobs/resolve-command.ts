import { diagnose } from "../diagnostics/diagnose.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { choosePython } from "../machine/choose-python.js";
import { findPackageRoot } from "../package-root.js";
import type { Program } from "./program.js";

/**
 * The program that a command as typed means: `python` or `python3` as its first word is the Python that
 * `choosePython` finds, any other word stays what it is.
 *
 * In: the words, and what `--python` says. Errors: `capture/python-missing`.
 */
export function resolveCommand(command: readonly string[], asked: string | undefined): Result<Program> {
  const [first = "", ...rest] = command;
  if (!/^python3?$/.test(first)) {
    return { ok: true, value: { executable: first, arguments: rest }, warnings: [] };
  }
  const chosen = choosePython({
    asked,
    environment: process.env,
    projectFolders: [process.cwd(), findPackageRoot()],
  });
  if (!chosen.ok) {
    return { ok: false, diagnostics: [diagnose("capture/python-missing", {}, { looked: chosen.looked })] };
  }
  return { ok: true, value: { executable: chosen.python, arguments: rest }, warnings: [] };
}
