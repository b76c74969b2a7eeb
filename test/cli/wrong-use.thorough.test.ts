import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { build } from "../../scripts/build.mjs";
import { findPackageRoot } from "../../src/package-root.js";
import { type Finished, runCommandLine } from "./run-command-line.js";

const pipeline = join(findPackageRoot(), "fixtures", "word-count", "pipeline.pb");

/** What the launcher asks a Python for. */
const facts = {
  python: "3.11.9",
  packages: { pyspark: "4.3.0", "apache-beam": "2.77.0", pyarrow: "25.0.1" },
  sparkHome: "/nowhere",
};

describe("run in an environment that does not fit", () => {
  let folder: string;
  beforeAll(build);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
    mkdirSync(join(folder, "temporary"));
    addProgram("java/bin/java", "echo java.base@17.0.2; echo jdk.incubator.vector@17.0.2");
  });
  afterEach(() => {
    expect(readdirSync(join(folder, "temporary"))).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  function addProgram(name: string, script: string): string {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }
  const run = (python: string, words: readonly string[] = [], variables: object = {}): Promise<Finished> =>
    runCommandLine(["run", "--python", python, ...words, pipeline], folder, {
      ...process.env,
      SPARK_HOME: "",
      JAVA_HOME: join(folder, "java"),
      TMPDIR: join(folder, "temporary"),
      ...variables,
    });
  const expectOnly = ({ status, output, errors }: Finished, codes: readonly string[]): void => {
    expect([...errors.matchAll(/^error (\S+)$/gm)].map((match) => match[1])).toEqual(codes);
    expect(errors).not.toMatch(/^ +at .*:\d+:\d+/m);
    expect({ status, output }).toEqual({ status: 1, output: "" });
  };

  it.each([
    [
      "has no packages",
      { packages: { pyspark: null, "apache-beam": null, pyarrow: null } },
      Array(3).fill("launch/package-missing"),
    ],
    [
      "has another Beam",
      { packages: { ...facts.packages, "apache-beam": "2.60.0" } },
      ["launch/beam-version-differs"],
    ],
    ["is another Python", { python: "3.13.1" }, ["launch/python-version-differs"]],
    ["has an old Spark", { packages: { ...facts.packages, pyspark: "3.5.1" } }, ["launch/spark-too-old"]],
  ])("names what is wrong with a Python that %s", async (_what, changed, codes) => {
    const python = addProgram("python", `echo '${JSON.stringify({ ...facts, ...changed })}'`);
    expectOnly(await run(python), codes);
  });

  it("names a Python that does not start, and one that is no Python", async () => {
    expectOnly(await run(join(folder, "missing")), ["launch/python-unusable"]);
    expectOnly(await run(addProgram("python", "echo Hello")), ["launch/python-unusable"]);
  });

  it("leaves nothing behind when it is stopped before Spark is started", async () => {
    const asked = join(folder, "asked");
    const python = addProgram("python", `touch ${asked}; exec sleep 5`);
    const command = join(findPackageRoot(), "bin", "beam2spark.mjs");
    const child = spawn(process.execPath, [command, "run", "--python", python, pipeline], {
      env: { ...process.env, JAVA_HOME: join(folder, "java"), TMPDIR: join(folder, "temporary") },
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    await expect.poll(() => existsSync(asked), { timeout: 20_000 }).toBe(true);
    expect(readdirSync(join(folder, "temporary"))).not.toEqual([]);
    child.kill("SIGTERM");
    expect(await ended).toBe(143);
  });

  it("names a SPARK_HOME without Spark, and a cluster that shares no folder with us", async () => {
    const python = addProgram("python", `echo '${JSON.stringify(facts)}'`);
    expectOnly(await run(python, [], { SPARK_HOME: folder }), ["launch/spark-home-unusable"]);
    expectOnly(await run(python, ["--master", "spark://127.0.0.1:7077"]), ["launch/temp-location-missing"]);
    expectOnly(await run(python, ["--deploy-mode", "cluster"]), ["launch/cluster-deploy-mode"]);
  });
}, 180_000);
