import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPackageRoot } from "../../src/package-root.js";

/** The Python that the set-up made, with apache_beam in it; BEAM2SPARK_PYTHON names another one. */
export function projectPython(): string {
  return process.env.BEAM2SPARK_PYTHON ?? join(findPackageRoot(), ".venv", "bin", "python");
}

/** Runs a Python program that lies in this folder, feeds it `input`, and gives what it wrote. Throws if it failed. */
export function runPython(program: string, input: Uint8Array | string = ""): Buffer {
  const path = fileURLToPath(new URL(program, import.meta.url));
  return execFileSync(projectPython(), [path], {
    input,
    maxBuffer: 256 * 1024 * 1024,
    stdio: "pipe",
  });
}
