import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createJob } from "../../src/jobs/job.js";
import { nameCapture, writeCapture } from "../../src/jobs/write-capture.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "beam2spark-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

it.each([
  ["out/wc.pb", 1, "out/wc.pb", "out/wc.options.json", "out/wc.artifacts"],
  ["out/wc.pb", 2, "out/wc-2.pb", "out/wc-2.options.json", "out/wc-2.artifacts"],
  ["wc", 1, "wc.pb", "wc.options.json", "wc.artifacts"],
  ["wc.v1.bin", 3, "wc.v1-3.bin", "wc.v1-3.options.json", "wc.v1-3.artifacts"],
])("names the files of %s, pipeline %i", (output, number, pipeline, options, artifacts) => {
  expect(nameCapture(output, number)).toEqual({ pipeline, options, artifacts });
});

it("writes a job over an older capture, each artifact once", async () => {
  const files = nameCapture(join(folder, "wc.pb"), 1);
  const job = createJob({
    name: "job",
    pipeline: Uint8Array.from([10, 0]),
    options: { "beam:option:x:v1": "1" },
    environments: [],
  });
  await writeFile(join(folder, "abc"), "content");
  const artifact = { environment: "e", typeUrn: "t", roleUrn: "r", rolePayload: "", sha256: "abc", size: 7 };
  job.artifacts.push({ ...artifact, stagedName: "first" }, { ...artifact, stagedName: "second" });
  await writeCapture(job, folder, files);
  await writeFile(join(files.artifacts, "stale"), "");
  await writeCapture(job, folder, files);
  expect((await readdir(files.artifacts)).sort()).toEqual(["abc", "manifest.json"]);
  expect(JSON.parse(await readFile(files.options, "utf8"))).toEqual({ "beam:option:x:v1": "1" });
  expect([...(await readFile(files.pipeline))]).toEqual([10, 0]);
  const manifest = JSON.parse(await readFile(join(files.artifacts, "manifest.json"), "utf8"));
  expect(manifest.map(({ stagedName }: { stagedName: string }) => stagedName)).toEqual(["first", "second"]);
});
