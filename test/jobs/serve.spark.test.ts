import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { build } from "../../scripts/build.mjs";
import { JobState } from "../../src/beam/protos/types/job.js";
import { jobService } from "../../src/jobs/job-api.js";
import { runCommandLine } from "../cli/run-command-line.js";
import { projectPython } from "../protos/project-python.js";
import { connect, type ServiceClient } from "./job-client.js";
import { makePackage } from "./serving/staged-package.js";
import { isAlive, listDescendants, type Serving, startServe } from "./serving/start-serve.js";
import { createSubmitter, type Submitter } from "./serving/submit-program.js";

describe("serve, with Beam's own client", () => {
  let folder: string;
  let serving: Serving;
  let client: ServiceClient;
  beforeAll(async () => {
    await build();
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
    const modules = join(folder, "modules");
    mkdirSync(modules);
    writeFileSync(join(modules, "beside.py"), 'VERSION = "0.5"\n');
    serving = await startServe(folder, "--python-path", modules);
    client = connect(serving.endpoint, jobService);
  }, 400_000);
  afterAll(async () => {
    client?.close();
    await serving?.stop();
    rmSync(folder, { recursive: true });
  }, 30_000);

  const submitAll: Submitter["submitAll"] = (...words) =>
    createSubmitter(serving.endpoint, folder).submitAll(...words);
  const submit: Submitter["submit"] = (...words) =>
    createSubmitter(serving.endpoint, folder).submit(...words);
  const waitForFile = (path: string) =>
    expect.poll(() => existsSync(path), { timeout: 120_000, interval: 50 }).toBe(true);
  const runningJob = async (): Promise<string> => {
    const { jobInfo } = await client.unary("GetJobs", {});
    const jobs = jobInfo as { jobId: string; state: number }[];
    return jobs.find(({ state }) => state === JobState.RUNNING)?.jobId ?? "";
  };
  const findDrivers = (): number[] =>
    [...listDescendants(serving.process.pid ?? 0)]
      .filter(([, command]) => command.includes("warm_driver"))
      .map(([id]) => id);

  it("runs a job, and tells its states, messages and metrics", async () => {
    const outcome = await submit(["small", "love", "peace"]);
    expect(outcome.error).toBeUndefined();
    expect(outcome.state).toBe("DONE");
    expect(outcome.counters).toEqual({ "Shout/seen": 2 });
    expect(outcome.lengths).toEqual([[2, 9, 5]]);
    const said = outcome.messages.join("\n");
    expect(said).toContain("about to shout love");
    expect(said).toMatch(/\[\d+\] .*assert_that/);
    // Beam's image is the default environment, which is nothing to remark on.
    expect(said).not.toContain("serve/environment-replaced");
  });

  it("fails a job with the user's own line, error and transform last", async () => {
    const { state, error } = await submit(["small", "fear"]);
    expect(state).toBe("FAILED");
    const lines = (error ?? "").trimEnd().split("\n");
    expect(lines.at(-1)).toBe("ValueError: nobody shouts fear [while running 'Shout']");
    expect(lines.at(-3)).toMatch(/submit\.py", line \d+, in shout$/);
    expect(error).toContain("error runtime/user-function-failed\n  at   Shout\n");
  });

  it("refuses a pipeline for everything in it at once", async () => {
    const { error } = await submit(["refused"]);
    expect(error).toContain("INVALID_ARGUMENT");
    expect(error).toContain("error plan/transform-unsupported");
    expect(error).toContain("error plan/streaming-unsupported");
  });

  it("runs LOOPBACK's functions in the program itself, and others elsewhere", async () => {
    const inside = await submit(["at home"], ["--environment_type=LOOPBACK"]);
    expect(inside.state, inside.error).toBe("DONE");
    const elsewhere = await submit(["at home"]);
    expect(elsewhere.state).toBe("FAILED");
    expect(elsewhere.error).toContain("BeamAssertException");
  });

  it("runs functions in Spark's workers that import what is beside the program", async () => {
    expect((await submit(["versions", "beside", "0.5"])).state).toBe("DONE");
  });

  it("runs two jobs at once, and cancels one within seconds", async () => {
    const mark = join(folder, "resting");
    const slow = submit(["slow", mark]);
    await waitForFile(mark);
    expect((await submit(["small", "love"])).state).toBe("DONE");
    const jobId = await runningJob();
    const started = performance.now();
    expect((await client.unary("Cancel", { jobId })).state).toBe(JobState.CANCELLING);
    expect(await slow).toMatchObject({ state: "CANCELLED" });
    expect(performance.now() - started).toBeLessThan(60_000);
    expect((await client.unary("Cancel", { jobId })).state).toBe(JobState.CANCELLED);
    await expect(client.unary("Drain", { jobId })).rejects.toThrow("it has ended");
  });

  it("fails the jobs of a driver that dies, and starts another", async () => {
    const mark = join(folder, "resting again");
    const slow = submit(["slow", mark]);
    await waitForFile(mark);
    const [driver = 0] = findDrivers();
    process.kill(driver, "SIGKILL");
    const { state, error } = await slow;
    expect(state).toBe("FAILED");
    expect(error).toContain("error serve/driver-lost");
    expect(error).toContain("signal SIGKILL");
    expect(serving.output()).toContain("a Spark session ended with signal SIGKILL\n");
    expect((await submit(["small", "love"])).state).toBe("DONE");
    expect(findDrivers()).not.toContain(driver);
  });

  it("never shows a job the modules of another", async () => {
    const packages = ["1.0", "2.0"].map((version) => makePackage(folder, "versioned", version));
    const outcomes = await Promise.all(
      packages.map((file, index) =>
        submit(["versions", "versioned", `${index + 1}.0`], [`--extra_package=${file}`]),
      ),
    );
    expect(outcomes.map(({ state, error }) => [state, error])).toEqual([
      ["DONE", undefined],
      ["DONE", undefined],
    ]);
    const without = await submit(["versions", "versioned", "1.0"]);
    expect(without.error).toContain("No module named 'versioned'");
  });

  it("is the same after 30 jobs as before", async () => {
    await submitAll(["repeat", "3", "small", "love"]);
    const count = () => listDescendants(serving.process.pid ?? 0).size;
    const before = count();
    const outcomes = await submitAll(["repeat", "30", "small", "love"]);
    expect(outcomes.map(({ state }) => state)).toEqual(Array(30).fill("DONE"));
    expect(count()).toBeLessThanOrEqual(before);
    const listFiles = () => readdirSync(join(serving.folder, "jobs"), { recursive: true }) as string[];
    await expect.poll(() => listFiles().filter((path) => path.includes("temporary"))).toEqual([]);
  });

  it("says why Spark does not start", async () => {
    const ports = ["--job-port", "0", "--artifact-port", "0"];
    const words = ["serve", ...ports, "--spark-master-url", "nowhere", "--python", projectPython()];
    const { status, errors } = await runCommandLine(words, folder);
    expect(status).toBe(1);
    expect(errors).toContain("Master must either be yarn or start with spark, k8s, or local\n");
    expect(errors).toContain("error serve/driver-not-started\n");
  });

  it("leaves nothing behind", async () => {
    const mark = join(folder, "resting for ever");
    const slow = submit(["slow", mark]);
    await waitForFile(mark);
    const processes = [...listDescendants(serving.process.pid ?? 0).keys()];
    expect(processes.length).toBeGreaterThan(2);
    expect(await serving.stop()).toBe(0);
    expect((await slow).error).toContain("serve/stopped");
    await expect.poll(() => processes.filter(isAlive), { timeout: 60_000 }).toEqual([]);
    expect(existsSync(serving.folder)).toBe(false);
  });
}, 400_000);
