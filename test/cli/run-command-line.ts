import { spawn } from "node:child_process";
import { join } from "node:path";
import { findPackageRoot } from "../../src/package-root.js";

/** What a command left behind. */
export interface Finished {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs the built command line as a process of its own, as a shell would. */
export function runCommandLine(
  words: readonly string[],
  folder = findPackageRoot(),
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Finished> {
  const executable = join(findPackageRoot(), "bin", "beam2spark.mjs");
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [executable, ...words], {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const texts = { output: "", errors: "" };
    child.stdout.on("data", (text) => {
      texts.output += text;
    });
    child.stderr.on("data", (text) => {
      texts.errors += text;
    });
    child.on("close", (status) => resolve({ status, ...texts }));
  });
}
