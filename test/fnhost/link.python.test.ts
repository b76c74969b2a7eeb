import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLinkServer } from "../../src/fnhost/link/link-server.js";
import { OpenStages } from "../../src/fnhost/open-stages.js";
import { SideInputStore } from "../../src/fnhost/side-inputs/side-input-store.js";
import { type FnHost, startHost } from "../../src/fnhost/start-host.js";
import { Worker } from "../../src/fnhost/worker.js";
import { findPackageRoot } from "../../src/package-root.js";
import { compileFixture, listFixtures } from "../compiler/support/compile-fixture.js";
import { startPythonWorker } from "./python-worker.js";

const root = findPackageRoot();
let host: FnHost;
beforeAll(async () => {
  host = await startHost({ onLog: () => {} });
});
afterAll(() => host.close());

test("a task's rows go through a worker and come back", async () => {
  const folder = mkdtempSync(join(tmpdir(), "b2s-link-"));
  const project = await compileFixture(listFixtures().find(({ name }) => name === "word-count")!, "scala");
  for (const { path, content } of project.files)
    if (path.startsWith("stages/s02")) writeFileSync(join(folder, path.slice(7)), content);
  const worker = new Worker("worker-a", {});
  host.workers.add(worker);
  const child = startPythonWorker(worker.id, host.endpoint);
  const socket = join(folder, "link.socket");
  const server = await startLinkServer(`unix:${socket}`, {
    stages: new OpenStages(host),
    workers: {
      borrow: async () => worker,
      tryBorrow: () => null,
      giveBack: () => {},
      endJob: async () => {},
    },
    sideInputs: new SideInputStore(),
  });
  try {
    const { stdout } = await promisify(execFile)(
      join(root, ".venv/bin/python"),
      [join(root, "test/fnhost/run_stage.py"), socket, folder, "s02_split"],
      { env: { ...process.env, PYTHONPATH: join(root, "templates/pyspark") } },
    );
    expect(stdout.trim()).toMatch(/^200000 /);
  } finally {
    child.kill();
    server.close();
  }
}, 180_000);
