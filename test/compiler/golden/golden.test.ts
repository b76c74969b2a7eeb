import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Target, targets } from "../../../src/compiler/4-physical/target.js";
import type { CompiledProject } from "../../../src/compiler/compile.js";
import { compileFixture, type Fixture, listFixtures, testMaterials } from "../support/compile-fixture.js";
import { goldenFiles, goldenFolder, isCopied } from "./golden-files.js";

// `npm run golden:update` sets it, and has vitest write what differs.
const isUpdate = process.env.BEAM2SPARK_UPDATE_GOLDEN === "1";

const compiled = new Map<string, Promise<CompiledProject>>();

/** A fixture's project, compiled once for all tests. */
function compileOnce(fixture: Fixture, target: Target): Promise<CompiledProject> {
  const key = `${target} ${fixture.name}`;
  const project = compiled.get(key) ?? compileFixture(fixture, target);
  compiled.set(key, project);
  return project;
}

describe.each(targets)("a fixture's plan and %s project are as expected", (target) => {
  test.each(listFixtures())("$name", async (fixture) => {
    const folder = goldenFolder(fixture, target);
    const golden = goldenFiles(await compileOnce(fixture, target), fixture);
    if (isUpdate) removeStale(folder, golden);
    // Before the comparison, which writes files that are missing.
    else expect(listFiles(folder)).toEqual([...golden.keys()].sort());
    for (const [path, content] of golden) {
      await expect.soft(content).toMatchFileSnapshot(join(folder, path));
    }
  });
});

test.each(targets)(
  "a %s project is what was made for it, the runtime and the launcher, nothing else",
  async (target) => {
    const { templates, launcher } = await testMaterials(target);
    const runtime = [...templates.keys()].filter((path) => !path.endsWith(".hbs") && path !== "README.md");
    const copied = [...runtime, ...launcher.map(({ path }) => `beam2spark_launcher/${path}`)].sort();
    expect(runtime.every(isCopied)).toBe(true);
    for (const fixture of listFixtures()) {
      const { files } = await compileOnce(fixture, target);
      expect(files.map(({ path }) => path).filter(isCopied)).toEqual(copied);
    }
  },
);

test("expected/ folders belong to captured pipelines", () => {
  const fixtures = listFixtures();
  const folders = new Set(
    fixtures.flatMap((fixture) => targets.map((target) => goldenFolder(fixture, target))),
  );
  for (const { pipeline } of fixtures) {
    const parent = join(pipeline, "..");
    for (const folder of readdirSync(parent).filter((name) => name.startsWith("expected"))) {
      expect(folders, `${folder} of ${parent} is stale`).toContain(join(parent, folder));
    }
  }
});

function removeStale(folder: string, golden: ReadonlyMap<string, string>): void {
  for (const path of listFiles(folder)) if (!golden.has(path)) rmSync(join(folder, path));
}

function listFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
