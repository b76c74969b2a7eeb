import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requirementsFile, virtualEnvironment, virtualPython } from "../paths.mjs";
import { runStep } from "./run-step.mjs";

const marker = join(virtualEnvironment, "beam2spark-requirements.sha256");

function hashRequirements() {
  return createHash("sha256").update(readFileSync(requirementsFile)).digest("hex");
}

/** Says whether `.venv` was made from the requirements as they are now. */
export function arePythonPackagesInstalled() {
  return (
    existsSync(virtualPython) && existsSync(marker) && readFileSync(marker, "utf8") === hashRequirements()
  );
}

/**
 * Makes `.venv` with the pinned requirements, unless it is there; a half-made or outdated one is made anew.
 *
 * In: `python` as `findPython` gives it. The marker is written last, so an interrupted run starts over.
 */
export function installPythonPackages(python) {
  if (arePythonPackagesInstalled()) return;
  rmSync(virtualEnvironment, { recursive: true, force: true });
  const bare = python.withEnsurePip ? [] : ["--without-pip"];
  runStep(`virtual environment (Python ${python.version})`, python.executable, [
    "-m",
    "venv",
    ...bare,
    virtualEnvironment,
  ]);
  const pip = python.withEnsurePip
    ? [virtualPython, "-m", "pip"]
    : [python.executable, "-m", "pip", "--python", virtualPython];
  const install = ["install", "--disable-pip-version-check", "--no-input", "--quiet", "-r", requirementsFile];
  runStep("Python packages (some minutes the first time)", pip[0], [...pip.slice(1), ...install]);
  writeFileSync(marker, hashRequirements());
}
