import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPackageRoot } from "../../src/package-root.js";

/** A worker of Beam's Python SDK, started as its boot program starts it; its folder goes with it. */
export function startPythonWorker(
  id: string,
  endpoint: string,
  environment: NodeJS.ProcessEnv = process.env,
): ChildProcess {
  const service = `url: "${endpoint}"`;
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-worker-"));
  const worker = spawn(
    join(findPackageRoot(), ".venv", "bin", "python"),
    ["-m", "apache_beam.runners.worker.sdk_worker_main"],
    {
      env: {
        ...environment,
        WORKER_ID: id,
        CONTROL_API_SERVICE_DESCRIPTOR: service,
        LOGGING_API_SERVICE_DESCRIPTOR: service,
        PIPELINE_OPTIONS: "{}",
        SEMI_PERSISTENT_DIRECTORY: folder,
      },
      // A pipe that nobody reads would hold the worker up once it is full.
      stdio: "ignore",
    },
  );
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  worker.on("exit", removeFolder);
  // The worker may be killed when this process has no time left for its events.
  process.on("exit", removeFolder);
  return worker;
}
