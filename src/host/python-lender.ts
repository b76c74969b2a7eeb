import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FnHost } from "../fnhost/start-host.js";
import { Worker } from "../fnhost/worker.js";
import type { WorkerLender } from "../fnhost/worker-lender.js";

export function createPythonLender(host: FnHost): WorkerLender & { close(): void } {
  const idle = new Map<string, Worker[]>();
  const keys = new Map<Worker, string>();
  const children = new Map<Worker, ChildProcess>();
  return {
    async borrow(request) {
      const key = JSON.stringify([request.job]);
      const found = idle.get(key)?.pop();
      if (found !== undefined) return found;
      const worker = new Worker(randomUUID(), {});
      host.workers.add(worker);
      keys.set(worker, key);
      const service = `url: "${host.endpoint}"`;
      const child = spawn(request.python, ["-m", "apache_beam.runners.worker.sdk_worker_main"], {
        env: {
          ...process.env,
          PYTHONPATH: request.pythonPath.join(":"),
          WORKER_ID: worker.id,
          CONTROL_API_SERVICE_DESCRIPTOR: service,
          LOGGING_API_SERVICE_DESCRIPTOR: service,
          PIPELINE_OPTIONS: request.options,
          SEMI_PERSISTENT_DIRECTORY: mkdtempSync(join(tmpdir(), "beam2spark-worker-")),
        },
        stdio: ["ignore", "ignore", "inherit"],
      });
      children.set(worker, child);
      child.on("exit", () => worker.end("it exited"));
      return worker;
    },
    giveBack(worker, isIdle) {
      const key = keys.get(worker)!;
      if (isIdle) idle.set(key, [...(idle.get(key) ?? []), worker]);
      else children.get(worker)!.kill("SIGKILL");
    },
    close() {
      for (const child of children.values()) child.kill("SIGKILL");
    },
  };
}
