import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** Where to look for the user's Python. */
export interface PythonChoice {
  /** What `--python` says. */
  readonly asked?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folders whose `.venv` counts when no environment is active, in order. */
  readonly projectFolders: readonly string[];
}

/**
 * Whose Python runs the user's program, the driver and the workers.
 *
 * `--python`, else the active virtual (or conda) environment's, else that of a project's `.venv`, else the PATH's.
 * Out: its path, or the places that were looked at.
 */
export function choosePython(
  choice: PythonChoice,
):
  | { readonly ok: true; readonly python: string }
  | { readonly ok: false; readonly looked: readonly string[] } {
  if (choice.asked !== undefined) return { ok: true, python: makeAbsolute(choice.asked) };
  const { VIRTUAL_ENV, CONDA_PREFIX, PATH = "" } = choice.environment;
  const environments = [
    VIRTUAL_ENV,
    CONDA_PREFIX,
    ...choice.projectFolders.map((folder) => join(folder, ".venv")),
  ];
  const candidates = environments
    .filter((folder): folder is string => folder !== undefined && folder !== "")
    .map(pythonOfEnvironment);
  for (const folder of PATH.split(delimiter)) {
    if (folder !== "") candidates.push(join(folder, "python3"), join(folder, "python"));
  }
  const python = candidates.find((candidate) => existsSync(candidate));
  if (python !== undefined) return { ok: true, python };
  const looked = candidates.filter((candidate) => candidate.includes(".venv"));
  return { ok: false, looked: ["VIRTUAL_ENV", ...looked, "python3 on the PATH"] };
}

// Driver and workers have working folders of their own; a bare name is looked up on the PATH.
function makeAbsolute(python: string): string {
  return /[/\\]/.test(python) ? resolve(python) : python;
}

function pythonOfEnvironment(folder: string): string {
  return process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}
