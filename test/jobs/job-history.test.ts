import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { JobState } from "../../src/beam/protos/types/job.js";
import { changeState, createJob, type Job } from "../../src/jobs/job.js";
import { createJobHistory } from "../../src/jobs/job-history.js";

const limits = { ended: 2, prepared: 1, bytes: 1000, folderMilliseconds: 100, folderBytes: 1000 };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function addJob(jobs: Map<string, Job>, name: string, state: JobState, ...files: string[]): void {
  const job = createJob({ name, pipeline: new Uint8Array(), options: {}, environments: [] });
  for (const sha256 of files) {
    writeFileSync(join(folder, sha256), "");
    job.files.add(sha256);
  }
  changeState(job, state);
  jobs.set(job.id, job);
}

it("forgets the oldest jobs, and the files that no other job has", () => {
  const jobs = new Map<string, Job>();
  const history = createJobHistory(jobs, folder, limits);
  addJob(jobs, "running", JobState.RUNNING, "a");
  addJob(jobs, "old", JobState.DONE, "a", "b", "c");
  addJob(jobs, "prepared", JobState.STOPPED, "d");
  addJob(jobs, "failed", JobState.FAILED, "c");
  history.trim();
  expect(jobs.size).toBe(4);
  addJob(jobs, "done", JobState.DONE);
  addJob(jobs, "prepared later", JobState.STOPPED);
  history.trim();
  expect([...jobs.values()].map(({ name }) => name)).toEqual(["running", "failed", "done", "prepared later"]);
  expect(readdirSync(folder).sort()).toEqual(["a", "c"]);
});

it("deletes no file that a job stages while others are forgotten", async () => {
  const jobs = new Map<string, Job>();
  const history = createJobHistory(jobs, folder, { ...limits, ended: 0 });
  addJob(jobs, "old", JobState.DONE, "a", "b");
  addJob(jobs, "staging", JobState.STOPPED);
  history.trim();
  // Staged a moment after the old job was forgotten: it stays.
  const [staging] = jobs.values();
  staging?.files.add("b");
  writeFileSync(join(folder, "b"), "");
  await new Promise((resolve) => setTimeout(resolve, 50));
  history.trim();
  expect(readdirSync(folder)).toEqual(["b"]);
});

it("keeps a job's folder for a while", async () => {
  const history = createJobHistory(new Map(), folder, limits);
  const jobFolder = join(folder, "job");
  mkdirSync(jobFolder);
  await history.keepFolder(jobFolder);
  expect(existsSync(jobFolder)).toBe(true);
  await expect.poll(() => existsSync(jobFolder)).toBe(false);
});

it("keeps as many folders as there is room for, and none that comes after its end", async () => {
  const history = createJobHistory(new Map(), folder, { ...limits, folderMilliseconds: 60_000 });
  for (const name of ["old", "new", "late"]) {
    mkdirSync(join(folder, name, "project"), { recursive: true });
    writeFileSync(join(folder, name, "project", "file"), "x".repeat(600));
  }
  await history.keepFolder(join(folder, "old"));
  expect(readdirSync(folder).sort()).toEqual(["late", "new", "old"]);
  await history.keepFolder(join(folder, "new"));
  expect(readdirSync(folder).sort()).toEqual(["late", "new"]);
  history.close();
  await history.keepFolder(join(folder, "late"));
  expect(readdirSync(folder).sort()).toEqual(["late", "new"]);
});

it("forgets the oldest of large jobs, but never the last", () => {
  const jobs = new Map<string, Job>();
  const history = createJobHistory(jobs, folder, { ...limits, ended: 10 });
  addJob(jobs, "old", JobState.DONE);
  addJob(jobs, "new", JobState.DONE);
  for (const job of jobs.values()) job.metrics.push(new Uint8Array(400));
  history.trim();
  expect(jobs.size).toBe(2);
  addJob(jobs, "larger", JobState.DONE);
  [...jobs.values()].at(-1)?.metrics.push(new Uint8Array(500));
  history.trim();
  expect([...jobs.values()].map(({ name }) => name)).toEqual(["new", "larger"]);
  [...jobs.values()].at(-1)?.metrics.push(new Uint8Array(5000));
  history.trim();
  expect([...jobs.values()].map(({ name }) => name)).toEqual(["larger"]);
});
