import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPackageRoot } from "../../src/package-root.js";

/** A worker of Beam's Python SDK, started as its boot program starts it. */
export function startPythonWorker(
  id: string,
  endpoint: string,
  environment: NodeJS.ProcessEnv = process.env,
): ChildProcess {
  const service = `url: "${endpoint}"`;
  return spawn(
    join(findPackageRoot(), ".venv", "bin", "python"),
    ["-m", "apache_beam.runners.worker.sdk_worker_main"],
    {
      env: {
        ...environment,
        WORKER_ID: id,
        CONTROL_API_SERVICE_DESCRIPTOR: service,
        LOGGING_API_SERVICE_DESCRIPTOR: service,
        PIPELINE_OPTIONS: "{}",
        SEMI_PERSISTENT_DIRECTORY: mkdtempSync(join(tmpdir(), "beam2spark-worker-")),
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
}
