import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { build } from "../../scripts/build.mjs";
import { JobState } from "../../src/beam/protos/types/job.js";
import { jobService } from "../../src/jobs/job-api.js";
import { connect, type ServiceClient } from "./job-client.js";
import { isAlive, listDescendants, type Serving, startServe } from "./serving/start-serve.js";
import { createSubmitter, type Submitter } from "./serving/submit-program.js";

describe("serve --target scala, with Beam's own client", () => {
  let folder: string;
  let serving: Serving;
  let client: ServiceClient;
  let submit: Submitter["submit"];
  beforeAll(async () => {
    await build();
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
    serving = await startServe(folder, "--target", "scala");
    client = connect(serving.endpoint, jobService);
    ({ submit } = createSubmitter(serving.endpoint, folder));
  }, 400_000);
  afterAll(async () => {
    client?.close();
    await serving?.stop();
    rmSync(folder, { recursive: true });
  }, 30_000);

  const waitForFile = (path: string) =>
    expect.poll(() => existsSync(path), { timeout: 120_000, interval: 50 }).toBe(true);
  const runningJob = async (): Promise<string> => {
    const { jobInfo } = await client.unary("GetJobs", {});
    const jobs = jobInfo as { jobId: string; state: number }[];
    return jobs.find(({ state }) => state === JobState.RUNNING)?.jobId ?? "";
  };
  const processes = (): [number, string][] => [...listDescendants(serving.process.pid ?? 0)];
  const drivers = () => processes().filter(([, command]) => command.includes("WarmDriver"));
  /** Python's, each in its own process, whether that was started or forked. */
  const workers = (): number[] =>
    processes()
      .filter(([, command]) => /^\S*python\S* (-m \S+sdk_worker_main|-c )/.test(command))
      .map(([id]) => id);

  it("fails a job with the user's error, and runs the next two at once, each with its own metrics", async () => {
    const { state, error } = await submit(["small", "fear"]);
    expect(state).toBe("FAILED");
    expect((error ?? "").trimEnd().split("\n").at(-1)).toBe(
      "ValueError: nobody shouts fear [while running 'Shout']",
    );
    const driver = drivers();
    const both = await Promise.all([submit(["small", "love", "peace"]), submit(["small", "a", "bb", "ccc"])]);
    expect(both.map((outcome) => [outcome.error, outcome.state, outcome.counters, outcome.lengths])).toEqual([
      [undefined, "DONE", { "Shout/seen": 2 }, [[2, 9, 5]]],
      [undefined, "DONE", { "Shout/seen": 3 }, [[3, 6, 3]]],
    ]);
    expect(driver).toHaveLength(1);
    expect(drivers()).toEqual(driver);
  });

  it("cancels a running job and ends its workers; the same driver takes the next one", async () => {
    const driver = drivers();
    const before = workers();
    const more = () => workers().filter((id) => !before.includes(id));
    const mark = join(folder, "resting");
    const slow = submit(["slow", mark]);
    await waitForFile(mark);
    expect(more()).not.toEqual([]);
    const jobId = await runningJob();
    const started = performance.now();
    expect((await client.unary("Cancel", { jobId })).state).toBe(JobState.CANCELLING);
    expect(await slow).toMatchObject({ state: "CANCELLED" });
    expect(performance.now() - started).toBeLessThan(60_000);
    await expect.poll(more, { timeout: 30_000 }).toEqual([]);
    expect((await submit(["small", "love"])).state).toBe("DONE");
    expect(drivers()).toEqual(driver);
  });

  it("leaves no process and no socket behind", async () => {
    const mark = join(folder, "resting for ever");
    const slow = submit(["slow", mark]);
    await waitForFile(mark);
    const left = processes();
    const hosts = left.flatMap(([, command]) => / --folder (\S+)/.exec(command)?.[1] ?? []);
    expect(hosts.map((host) => existsSync(join(host, "link")))).toEqual([true]);
    expect(await serving.stop()).toBe(0);
    expect((await slow).error).toContain("serve/stopped");
    const ids = left.map(([id]) => id);
    await expect.poll(() => ids.filter(isAlive), { timeout: 60_000 }).toEqual([]);
    expect(hosts.filter((host) => existsSync(host))).toEqual([]);
    expect(existsSync(serving.folder)).toBe(false);
  });
}, 400_000);
