import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { compileToFolder } from "../../src/cli/compile-to-folder.js";
import { loadPipeline } from "../../src/compiler/1-read/load/load-pipeline.js";
import { readPipeline } from "../../src/compiler/1-read/read-pipeline.js";
import { loadArtifacts } from "../../src/compiler/load-materials.js";
import { planPipeline } from "../../src/compiler/plan-pipeline.js";
import { codes } from "../../src/diagnostics/catalogue.js";
import { createCollector } from "../../src/diagnostics/collector.js";
import type { Diagnostic, Result } from "../../src/diagnostics/diagnostic.js";
import { formatDiagnostics } from "../../src/diagnostics/format.js";
import { findPackageRoot } from "../../src/package-root.js";
import { planFixtures } from "./plan-fixtures.js";
import { type FixtureFiles, readFixtures } from "./read-fixtures.js";

const root = join(findPackageRoot(), "fixtures/rejected");
const isUpdate = process.env.BEAM2SPARK_UPDATE_FIXTURES === "1";
const fixtures = { ...readFixtures, ...planFixtures };
if (isUpdate) for (const [folder, files] of Object.entries(fixtures)) write(join(root, folder), files);
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe("a rejected pipeline's whole output is as expected", () => {
  test.each(folders)("%s", async (folder) => {
    const diagnostics = await diagnoseFolder(join(root, folder));
    await expect(formatDiagnostics(diagnostics)).toMatchFileSnapshot(join(root, folder, "expected.txt"));
    if (folder.endsWith("five-at-once")) {
      expect(new Set(diagnostics.map((diagnostic) => diagnostic.code)).size).toBe(5);
    } else {
      expect(diagnostics.map((diagnostic) => diagnostic.code.replace("/", "-"))).toContain(folder);
    }
  });
});

test("what generates the fixtures still makes the same ones", () => {
  for (const [folder, files] of Object.entries(fixtures)) {
    for (const [name, content] of Object.entries(files)) {
      expect(readFileSync(join(root, folder, name)), `${folder}/${name}`).toEqual(
        Buffer.from(serialise(content)),
      );
    }
  }
});

test("every code of reading and planning has its fixture", () => {
  const withoutFixture = [
    // A file over the limit is no file to keep: test/1-read/load.test.ts makes one.
    "read/too-large",
    // They depend on options and not on the pipeline: test/compiler/targets.test.ts, fail-on-fallback.test.ts.
    "plan/not-on-target",
    "plan/not-native",
  ];
  const missing = codes.filter(
    (code) => /^(read|plan)\//.test(code) && !folders.includes(code.replace("/", "-")),
  );
  expect(missing).toEqual(withoutFixture);
});

test("every code that is not about a pipeline is raised in some test", () => {
  const tests = join(findPackageRoot(), "test");
  const texts = readdirSync(tests, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|py)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  // What depends on what a machine lacks is tested one step below.
  const below = {
    "launch/java-missing": "test/machine/find-java.test.ts",
    "capture/python-missing": "test/machine/choose-python.test.ts",
    "capture/artifact-refused": "test/jobs/artifact-limits.test.ts",
  };
  for (const test of Object.values(below)) expect(existsSync(join(findPackageRoot(), test))).toBe(true);
  const others = codes.filter((code) => !/^(read|plan)\//.test(code) && !Object.hasOwn(below, code));
  expect(others.filter((code) => !texts.some((text) => text.includes(code)))).toEqual([]);
});

test("a refused pipeline leaves nothing behind", async () => {
  const place = mkdtempSync(join(tmpdir(), "beam2spark-rejected-"));
  for (const folder of folders) {
    const diagnostics = await diagnoseFolder(join(root, folder));
    if (!diagnostics.some(({ severity }) => severity === "error")) continue;
    const result = await compileToFolder({
      pipeline: pipelineOf(join(root, folder)),
      folder: join(place, folder),
      ...{ target: "pyspark", failOnFallback: false, force: false, lane: "in-process" },
    });
    expect(result.ok, folder).toBe(false);
  }
  expect(readdirSync(place)).toEqual([]);
  rmSync(place, { recursive: true });
});

/** Everything that loading, reading and planning say about a folder's pipeline. */
async function diagnoseFolder(folder: string): Promise<readonly Diagnostic[]> {
  const collector = createCollector();
  const step = <T>(result: Result<T>): T | null => {
    collector.add(result.ok ? result.warnings : result.diagnostics);
    return result.ok ? result.value : null;
  };
  const source = step(await loadPipeline(pipelineOf(folder)));
  const read = source === null ? null : step(readPipeline(source));
  if (read !== null) step(await loadArtifacts(read.artifacts));
  if (read !== null && !collector.failed)
    step(planPipeline(read, { target: "pyspark", failOnFallback: false, lane: "in-process" }));
  return collector.diagnostics;
}

/** `pipeline.pb` or `pipeline.json`; the former also where there is neither. */
function pipelineOf(folder: string): string {
  const json = join(folder, "pipeline.json");
  return existsSync(json) ? json : join(folder, "pipeline.pb");
}

function write(folder: string, files: FixtureFiles): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), serialise(content));
  }
}

function serialise(content: FixtureFiles[string]): string | Uint8Array {
  return content instanceof Uint8Array ? content : `${JSON.stringify(content, null, 2)}\n`;
}
