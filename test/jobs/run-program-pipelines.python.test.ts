import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { build } from "../../scripts/build.mjs";
import { type PipelineRun, runProgramPipelines } from "../../src/jobs/run-program-pipelines.js";
import { projectPython } from "../protos/project-python.js";

const programs = fileURLToPath(new URL("programs/", import.meta.url));

describe("runProgramPipelines with Beam's own client", () => {
  let folder: string;
  beforeAll(async () => {
    await build();
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (program: string, runPipeline: (pipeline: string, number: number) => Promise<PipelineRun>) =>
    runProgramPipelines({
      program: { executable: projectPython(), arguments: [join(programs, program)] },
      sdk: "python",
      output: join(folder, "out.pb"),
      environment: process.env,
      runPipeline: ({ pipeline }, number) => runPipeline(pipeline, number),
    });

  it("waits for the pipeline of a program that doesn't", async () => {
    let found = false;
    const result = await run("does_not_wait.py", async (pipeline) => {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      found = existsSync(pipeline);
      return { status: 3, failure: "it failed\n" };
    });
    expect(found).toBe(true);
    expect(result.ok && result.value.status).toBe(0);
    expect(result.ok && result.value.runs).toEqual([{ status: 3, failure: "it failed\n" }]);
  });

  it("runs several in their order, and tells the program how each has ended", async () => {
    const numbers: number[] = [];
    const result = await run("two_pipelines.py", async (_, number) => {
      numbers.push(number);
      return { status: number - 1, failure: number === 1 ? "" : "the second failed\n" };
    });
    expect(numbers).toEqual([1, 2]);
    expect(result.ok && result.value.status).not.toBe(0);
    expect(result.ok && result.value.errorTail).toContain("the second failed");
  });
}, 180_000);
