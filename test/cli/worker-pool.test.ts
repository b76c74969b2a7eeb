import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { build } from "../../scripts/build.mjs";
import {
  ArtifactFilePayload,
  ArtifactStagingToRolePayload,
} from "../../src/beam/protos/types/environment.js";
import { URN } from "../../src/beam/urns.js";
import type { WorkerNotStartedError } from "../../src/fnhost/worker-not-started.js";
import { findPackageRoot } from "../../src/package-root.js";
import { startPoolWorker } from "../../src/workers/external.js";
import {
  processesWith,
  pythonCapabilities,
  requestOf,
  startWorkerSetting,
} from "../workers/worker-setting.js";
import { runCommandLine } from "./run-command-line.js";

describe("worker-pool", () => {
  beforeAll(build);
  let folder: string;
  let pools: ChildProcess[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "b2s-pool-"));
    mkdirSync(join(folder, "pool"));
    pools = [];
  });
  afterEach(() => {
    for (const pool of pools) pool.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  /** Starts a pool that keeps its files in `folder/pool`. Out: its address, and when it has ended. */
  async function startPool(words: readonly string[], limits = "") {
    const command = [process.execPath, join(findPackageRoot(), "bin", "beam2spark.mjs"), "worker-pool"];
    const given = ["--port", "0", "--folder", join(folder, "pool"), ...words];
    const child = spawn("/bin/sh", ["-c", `${limits}exec "$@"`, "sh", ...command, ...given], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    pools.push(child);
    let output = "";
    let errors = "";
    child.stderr.on("data", (text) => {
      errors += text;
    });
    const ended = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (text) => {
        output += text;
        if (output.includes("\n")) resolve();
      });
      void ended.then(() => resolve());
    });
    const address = /^listening on (127\.0\.0\.1:\d+) for --environment_type=EXTERNAL\n$/.exec(output)?.[1];
    if (address === undefined) throw new Error(`${output}${errors}`);
    return { child, address, ended, errors: () => errors };
  }

  function writeBoot(text: string): string {
    const path = join(folder, "boot");
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  async function waitUntil(holds: () => boolean): Promise<void> {
    for (let tries = 0; !holds() && tries < 300; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }

  const environment = { urn: URN.environmentDocker, capabilities: pythonCapabilities };

  it.each([[["--port", "70000"]], [["--port", "some"]], [["--boot"]]])(
    "ends with 2 for %j",
    async (words) => {
      expect((await runCommandLine(["worker-pool", ...words])).status).toBe(2);
    },
  );

  it("says why it can't listen, and who may reach it", async () => {
    const { address } = await startPool([]);
    const port = address.split(":")[1]!;
    const taken = await runCommandLine(["worker-pool", "--port", port]);
    expect(taken).toMatchObject({ status: 1, output: "" });
    expect(taken.errors).toContain("error worker/pool-cannot-listen");
    expect(taken.errors).toContain("EADDRINUSE");
    const open = await runCommandLine(["worker-pool", "--host", "0.0.0.0", "--port", port]);
    expect(open.errors).toContain("warning worker/pool-open-to-others");
  });

  it("ends its workers and removes their files at a signal", async () => {
    const boot = writeBoot("echo started as $1; exec sleep 1000");
    const pool = await startPool(["--boot", boot]);
    const setting = await startWorkerSetting();
    const borrowed = setting.lender.borrow(requestOf(environment, { workers: pool.address }));
    const failed = expect(borrowed).rejects.toThrow(/the worker ended with signal SIGTERM|can't be reached/);
    await waitUntil(() => pool.errors().includes("started as"));
    const [id] = /[0-9a-f-]{36}/.exec(pool.errors())!;
    expect(pool.errors()).toBe(`${id}: started as --id=${id}\n`);
    pool.child.kill("SIGTERM");
    expect(await pool.ended).toBe(0);
    await failed;
    expect(processesWith(id)).toEqual([]);
    expect(readdirSync(join(folder, "pool"))).toEqual([]);
    await setting.close();
  });

  it("takes its workers along when it is killed", async () => {
    // Boot programs put what they start into another process group, and it may not listen to signals.
    const boot = writeBoot("exec bash -c \"set -m; trap '' TERM HUP; sleep 1000 & echo started; wait\"");
    const mark = `TMPDIR=${join(folder, "pool")}`;
    const pool = await startPool(["--boot", boot]);
    const setting = await startWorkerSetting();
    const wish = requestOf(environment, { workers: pool.address });
    const borrowed = [setting.lender.borrow(wish), setting.lender.borrow(wish)].map((one) =>
      one.then(
        () => "",
        (error: Error) => error.message,
      ),
    );
    await waitUntil(() => pool.errors().split("started").length === 3);
    expect(processesWith(mark).length).toBeGreaterThanOrEqual(4);
    pool.child.kill("SIGKILL");
    await waitUntil(() => processesWith(mark).length === 0);
    expect(processesWith(mark)).toEqual([]);
    await waitUntil(() => readdirSync(join(folder, "pool")).length === 0);
    expect(readdirSync(join(folder, "pool"))).toEqual([]);
    expect((await Promise.all(borrowed)).join()).toContain("the worker pool at");
    await setting.close();
  });

  it("takes the workers of a host along that has gone", async () => {
    const boot = writeBoot("echo started\nexec sleep 1000");
    const pool = await startPool(["--boot", boot]);
    const hostGoes = new AbortController();
    const asked = startPoolWorker(
      {
        workerId: "worker-of-nobody",
        endpoints: { control: "", logging: "", artifact: "", provision: "127.0.0.1:9" },
        workers: "",
        python: "",
        pythonPath: [],
        signal: hostGoes.signal,
      },
      { endpoint: pool.address, params: new Map() },
    );
    await waitUntil(() => pool.errors().includes("started"));
    expect(processesWith("worker-of-nobody")).not.toEqual([]);
    hostGoes.abort();
    await waitUntil(() => processesWith("worker-of-nobody").length === 0);
    expect(processesWith("worker-of-nobody")).toEqual([]);
    await asked.stop(true);
  });

  it("says that the disk is full, and goes on", async () => {
    const artifacts = join(folder, "artifacts");
    mkdirSync(artifacts);
    writeFileSync(join(artifacts, "large.bin"), Buffer.alloc(2 ** 20));
    writeFileSync(join(artifacts, "small.bin"), "small");
    const dependency = (stagedName: string) => ({
      typeUrn: URN.artifactFile,
      typePayload: ArtifactFilePayload.encode({ path: stagedName }),
      roleUrn: URN.artifactStagingTo,
      rolePayload: ArtifactStagingToRolePayload.encode({ stagedName }),
    });
    // No file of the pool's can grow beyond so many blocks.
    const pool = await startPool(["--python", writeBoot("ls staged; exit 9")], "ulimit -f 256; ");
    const setting = await startWorkerSetting();
    const borrow = (name: string) =>
      setting.lender.borrow(
        requestOf({ ...environment, dependencies: [dependency(name)] }, { workers: pool.address, artifacts }),
      );
    const refused = await borrow("large.bin").catch((error: WorkerNotStartedError) => error);
    expect(refused).toMatchObject({ diagnostic: { code: "worker/pool-refused" } });
    expect(String(refused)).toMatch(/started no worker: the artifact large.bin was not taken: E/);
    expect(readdirSync(join(folder, "pool"), { recursive: true }).join()).not.toContain("worker-");
    await expect(borrow("small.bin")).rejects.toThrow(/ended with exit code 9 .*\nsmall.bin$/);
    await setting.close();
  });
}, 180_000);
