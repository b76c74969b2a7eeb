import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { build } from "../../scripts/build.mjs";
import { findPackageRoot } from "../../src/package-root.js";
import { runCommandLine } from "./run-command-line.js";

const pipeline = join(findPackageRoot(), "fixtures", "word-count", "pipeline.pb");

describe("the command line", () => {
  let folder: string;
  beforeAll(build);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("explains a pipeline in each format", async () => {
    const text = await runCommandLine(["explain", pipeline]);
    expect(text).toMatchObject({ status: 0, errors: "" });
    expect(text.output).toMatch(/^pipeline {2}pipeline .*\n.*\n.*native\n/);
    const json = await runCommandLine(["explain", pipeline, "--format", "json"]);
    expect(JSON.parse(json.output).target).toBe("pyspark");
    const mermaid = await runCommandLine(["explain", pipeline, "--format=mermaid"]);
    expect(mermaid.output).toMatch(/^flowchart TD\n/);
  });

  it("writes a project, replaces it, and leaves what is not one alone", async () => {
    const written = await runCommandLine(["compile", pipeline, "-o", "project"], folder);
    expect(written).toMatchObject({ status: 0, errors: "" });
    expect(written.output).toMatch(/^compiled .* to project: \d+ files, \d+ steps, \d+ native\n$/);
    const plan = readFileSync(join(folder, "project", "PLAN.txt"), "utf8");
    expect((await runCommandLine(["explain", pipeline])).output).toBe(plan);
    expect((await runCommandLine(["compile", pipeline, "-o", "project"], folder)).status).toBe(0);
    writeFileSync(join(folder, "thesis.txt"), "");
    const refused = await runCommandLine(["compile", pipeline, "-o", "."], folder);
    expect(refused).toMatchObject({ status: 1, output: "" });
    expect(refused.errors).toMatch(/^error write\/folder-not-empty\n/);
    expect(readdirSync(folder).sort()).toEqual(["project", "thesis.txt"]);
  });

  it("puts this Node.js beside the host's program where it is asked to", async () => {
    const words = ["compile", pipeline, "--lane", "fn-api", "-o", "project"];
    const host = join(folder, "project", "beam2spark_host");
    expect((await runCommandLine(words, folder)).status).toBe(0);
    expect(readdirSync(host)).toEqual(["index.mjs"]);
    expect((await runCommandLine([...words, "--bundle-node"], folder)).status).toBe(0);
    expect(readdirSync(host)).toEqual(["index.mjs", "node"]);
    expect(readFileSync(join(host, "node")).equals(readFileSync(process.execPath))).toBe(true);
  });

  it("ends with 1 and the diagnostics when a pipeline is refused, and writes nothing", async () => {
    const words = ["compile", pipeline, "-o", join(folder, "project"), "--fail-on-fallback"];
    const refused = await runCommandLine(words);
    expect(refused).toMatchObject({ status: 1, output: "" });
    expect(refused.errors).toContain("error plan/not-native");
    expect(readdirSync(folder)).toEqual([]);
    expect((await runCommandLine(["run", "missing.pb"])).errors).toContain("error read/file-unreadable");
  });

  it.each([
    [[], "which command?"],
    [["fly"], "Unknown argument: fly"],
    [["explain"], "Not enough non-option arguments"],
    [["explain", "a.pb", "--bogus"], "Unknown argument: bogus"],
    [["explain", "a.pb", "--format", "svg"], "Invalid values"],
    [["compile", "a.pb"], "Missing required argument: output"],
    [["compile", "a.pb", "-o", "x", "--target", "flink"], "Invalid values"],
    [["run"], "give either a PIPELINE, or a program after --"],
    [["run", "a.pb", "--", "python", "prog.py"], "give either a PIPELINE, or a program after --"],
    [["capture", "-o", "x.pb"], "give the program after --"],
    [["capture", "-o", "x.pb", "--"], "there is no program after --"],
  ])("ends with 2 for %j", async (words, message) => {
    const { status, errors, output } = await runCommandLine(words);
    expect(errors).toContain(`error: ${message}`);
    expect(errors).toContain("--help");
    expect({ status, output }).toEqual({ status: 2, output: "" });
  });

  it.each(["compile", "explain", "run", "capture", "serve"])("helps with %s", async (command) => {
    const { status, output } = await runCommandLine([command, "--help"]);
    expect(status).toBe(0);
    expect(output).toMatch(new RegExp(`^beam2spark ${command} `));
  });
}, 180_000);
