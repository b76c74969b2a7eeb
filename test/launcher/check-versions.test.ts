import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createCollector } from "../../src/diagnostics/collector.js";
import { checkVersions } from "../../src/launcher/check-versions.js";

const facts = {
  python: "3.11.7",
  packages: { pyspark: "4.3.0", "apache-beam": "2.77.0", pyarrow: "25.0.1" },
  sparkHome: "/spark",
} as const;
const plan = { pipeline: { name: "p", sdkVersion: "2.77.0", pythonVersion: "3.11" }, nodes: [] };

function report(changed: object, pipeline: object = {}, sparkHome?: string): string[] {
  const collector = createCollector();
  const found = { ...facts, ...changed };
  checkVersions(
    found,
    { ...plan, pipeline: { ...plan.pipeline, ...pipeline } },
    { path: "py" },
    sparkHome,
    collector,
  );
  return collector.diagnostics.map(({ code }) => code);
}

it("passes the pipeline's own versions, and any where the pipeline says none", () => {
  expect(report({})).toEqual([]);
  expect(report({}, { sdkVersion: null, pythonVersion: null })).toEqual([]);
});

it("names everything that does not fit", () => {
  expect(report({ python: "3.12.1" }, { sdkVersion: "2.76.0" })).toEqual([
    "launch/beam-version-differs",
    "launch/python-version-differs",
  ]);
  expect(report({ packages: { pyspark: null, "apache-beam": null, pyarrow: null } })).toEqual([
    "launch/package-missing",
    "launch/package-missing",
    "launch/package-missing",
  ]);
  expect(report({ packages: { ...facts.packages, pyspark: "3.5.1" } })).toEqual(["launch/spark-too-old"]);
});

it("takes a Spark of the user's own instead of a pyspark package, if it is one", () => {
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  const makeSpark = (version: string): string => {
    const home = join(folder, version);
    for (const file of ["bin/spark-submit", `jars/spark-core_2.13-${version}.jar`]) {
      mkdirSync(join(home, file), { recursive: true });
    }
    return home;
  };
  const packages = { ...facts.packages, pyspark: null };
  expect(report({ packages }, {}, makeSpark("4.1.0"))).toEqual([]);
  expect(report({ packages }, {}, makeSpark("3.5.1"))).toEqual(["launch/spark-too-old"]);
  expect(report({ packages }, {}, join(folder, "nothing"))).toEqual(["launch/spark-home-unusable"]);
  rmSync(folder, { recursive: true });
});
