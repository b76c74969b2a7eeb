import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { build } from "../../scripts/build.mjs";
import type { Result } from "../../src/diagnostics/diagnostic.js";
import { type Capture, captureProgram } from "../../src/jobs/capture.js";
import type { StagedArtifact } from "../../src/jobs/staged-artifact.js";
import { findPackageRoot } from "../../src/package-root.js";
import { projectPython, runPython } from "../protos/project-python.js";

const programs = fileURLToPath(new URL("programs/", import.meta.url));

describe("captureProgram with Beam's own client", () => {
  let folder: string;
  beforeAll(async () => {
    await build();
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const capture = (words: readonly string[], output = "out.pb"): Promise<Result<Capture>> =>
    captureProgram({
      program: { executable: projectPython(), arguments: words },
      sdk: "python",
      output: join(folder, output),
      environment: process.env,
    });
  const codesOf = (result: Result<Capture>): string[] =>
    (result.ok ? result.warnings : result.diagnostics).map(({ code }) => code);

  it("takes Beam's word count as it is: pipeline, options and artifacts", async () => {
    writeFileSync(join(folder, "in.txt"), "to be or not to be\n");
    const words = [
      "-m",
      "apache_beam.examples.wordcount",
      "--input",
      join(folder, "in.txt"),
      "--output",
      "counts",
    ];
    const result = await capture([...words, "--checkpointDir=here"]);
    expect(codesOf(result)).toEqual([]);
    const files = result.ok ? result.value.pipelines : [];
    expect(files).toHaveLength(1);
    const bytes = readFileSync(join(folder, "out.pb"));
    const described = JSON.parse(runPython("../jobs/describe_pipeline.py", bytes).toString());
    expect(described.transforms).toContain("PairWithOne");
    expect(described.size).toBe(bytes.length);
    const options = JSON.parse(readFileSync(join(folder, "out.options.json"), "utf8"));
    expect(options["beam:option:checkpointDir:v1"]).toBe("here");
    const manifest: StagedArtifact[] = JSON.parse(
      readFileSync(join(folder, "out.artifacts/manifest.json"), "utf8"),
    );
    expect(manifest.map(({ stagedName }) => stagedName)).toContain("pickled_main_session");
    for (const { sha256, size } of manifest) {
      const content = readFileSync(join(folder, "out.artifacts", sha256));
      expect(createHash("sha256").update(content).digest("hex")).toBe(sha256);
      expect(content.length).toBe(size);
    }
    expect(existsSync(join(folder, "counts-00000-of-00001"))).toBe(false);
  });

  it("keeps every pipeline of a program that has several", async () => {
    const result = await capture([join(programs, "two_pipelines.py")], "two.pb");
    expect(codesOf(result)).toEqual(["capture/several-pipelines"]);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(["two.pb", "two-2.pb", "two-2.artifacts"]));
  });

  it("tells a program with arguments of its own only what to change", async () => {
    const result = await capture([join(programs, "strict_arguments.py"), "--input", "x"]);
    expect(codesOf(result)).toEqual(["capture/arguments-refused"]);
  });

  it("keeps the pipeline of a program that fails for want of results", async () => {
    const result = await capture([join(programs, "needs_results.py")], "needs.pb");
    expect(codesOf(result)).toEqual(["capture/program-failed-afterwards"]);
    expect(existsSync(join(folder, "needs.pb"))).toBe(true);
  });

  it("says when the capture can't be written", async () => {
    writeFileSync(join(folder, "a-file"), "");
    const result = await capture([join(programs, "needs_results.py")], "a-file/out.pb");
    expect(codesOf(result)).toEqual(["capture/program-failed-afterwards", "capture/output-unwritable"]);
  });

  it("is stopped with its program", async () => {
    const waits = [projectPython(), join(programs, "waits.py")];
    const words = ["capture", "-o", join(folder, "stopped.pb"), "--", ...waits];
    const executable = join(findPackageRoot(), "bin", "beam2spark.mjs");
    const child = spawn(process.execPath, [executable, ...words], { stdio: ["ignore", "pipe", "ignore"] });
    let printed = "";
    for await (const text of child.stdout) {
      printed += text;
      if (printed.includes("\n")) break;
    }
    child.kill("SIGINT");
    const [status] = await once(child, "exit");
    expect(status).toBe(130);
    const program = Number(/waiting (\d+)/.exec(printed)?.[1]);
    expect(() => process.kill(program, 0)).toThrow("ESRCH");
    expect(existsSync(join(folder, "stopped.pb"))).toBe(false);
  });

  it("says what became of a program that hands over nothing", async () => {
    expect(codesOf(await capture(["-c", "pass"], "none.pb"))).toEqual(["capture/no-pipeline"]);
    expect(codesOf(await capture(["-c", "raise SystemExit(3)"], "none.pb"))).toEqual([
      "capture/program-failed",
    ]);
    const withoutBeam = await capture(
      ["-c", "raise ModuleNotFoundError(\"No module named 'apache_beam'\")"],
      "none.pb",
    );
    expect(codesOf(withoutBeam)).toEqual(["capture/package-missing"]);
    const missing = await captureProgram({
      program: { executable: "/nowhere/prog", arguments: [] },
      sdk: "python",
      output: join(folder, "none.pb"),
      environment: process.env,
    });
    expect(codesOf(missing)).toEqual(["capture/program-not-found"]);
    expect(existsSync(join(folder, "none.pb"))).toBe(false);
  });
}, 180_000);
