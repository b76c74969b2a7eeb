import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkLaunchEnvironment } from "../../src/launcher/check-environment.js";
import type { LaunchTarget } from "../../src/launcher/launch-plan.js";
import { findJava } from "../../src/machine/find-java.mjs";

function check(
  target: LaunchTarget,
  pythonVersion: string | null,
  environment: NodeJS.ProcessEnv,
  folder: string,
) {
  const plan = { target, pipeline: { name: "job", sdkVersion: null, pythonVersion }, nodes: [] };
  return checkLaunchEnvironment(plan, {
    ...{ python: undefined, workers: undefined, environment, folders: [folder] },
  });
}

it("says where a Python was looked for", async () => {
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  const checked = await check("pyspark", null, { PATH: folder }, folder);
  const found = checked.ok ? [] : checked.diagnostics.filter(({ code }) => code.includes("python"));
  expect(found).toMatchObject([{ code: "launch/python-missing" }]);
  expect(found[0]?.why).toContain(join(folder, ".venv"));
  rmSync(folder, { recursive: true });
});

describe("a Scala job", () => {
  let folder: string;
  const home = () => join(folder, "spark");
  const java = findJava();
  const JAVA_HOME = java.ok ? java.home : "";
  const codesOf = async (pythonVersion: string | null, environment: NodeJS.ProcessEnv): Promise<string[]> => {
    const checked = await check("scala", pythonVersion, { JAVA_HOME, ...environment }, folder);
    const diagnostics = checked.ok ? checked.warnings : checked.diagnostics;
    return diagnostics.map(({ code }) => code).filter((code) => code !== "launch/java-missing");
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
    for (const part of ["bin", "jars"]) mkdirSync(join(home(), part), { recursive: true });
    writeFileSync(join(home(), "bin", "spark-submit"), "");
    writeFileSync(join(home(), "jars", "spark-core_2.13-4.3.0.jar"), "");
    mkdirSync(join(folder, "path"));
    symlinkSync(join(home(), "bin", "spark-submit"), join(folder, "path", "spark-submit"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("needs no Python, and takes the Spark of SPARK_HOME or of the PATH", async () => {
    expect(await codesOf(null, { PATH: "", SPARK_HOME: home() })).toEqual([]);
    expect(await codesOf(null, { PATH: join(folder, "path") })).toEqual([]);
    expect(await codesOf(null, { PATH: folder })).toEqual(["launch/spark-missing"]);
    expect(await codesOf(null, { PATH: "", SPARK_HOME: folder })).toEqual(["launch/spark-home-unusable"]);
  });

  it("needs one for the workers of a Python pipeline", async () => {
    expect(await codesOf("3.11", { PATH: "", SPARK_HOME: home() })).toEqual(["launch/python-missing"]);
  });
});
