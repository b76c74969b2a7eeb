import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const installedNames: ReadonlySet<string> = new Set(["requirements.txt", "extra_packages.txt"]);

/** Whether a project's `artifacts/` holds packages that the workers must have installed. */
export function hasPackages(projectDirectory: string): boolean {
  const folder = join(projectDirectory, "artifacts");
  if (!existsSync(folder)) return false;
  return readdirSync(folder).some((name) => installedNames.has(name) || /\.(whl|tar\.gz|zip)$/.test(name));
}

/**
 * Installs a project's staged packages with the given Python into one archive for `--archives`.
 *
 * An aborted signal ends the installation. Errors: an Error with the end of what the installation wrote.
 */
export function packArtifacts(
  projectDirectory: string,
  python: string,
  archive: string,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const words = ["-m", "beam2spark_runtime.packages", join(projectDirectory, "artifacts"), archive];
    const options = {
      cwd: projectDirectory,
      env: environment,
      encoding: "utf8",
      maxBuffer: 2 ** 26,
      // Python ends its installer with itself when it is interrupted.
      killSignal: "SIGINT",
      ...(signal === undefined ? {} : { signal }),
    } as const;
    const child = execFile(python, words, options, (error, _stdout, stderr) => {
      process.off("exit", stop);
      if (error === null) resolve();
      else reject(new Error(stderr.trim().split("\n").slice(-5).join("\n") || error.message));
    });
    const stop = (): boolean => child.kill();
    process.on("exit", stop);
  });
}
