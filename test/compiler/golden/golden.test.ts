import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compileFixture, type Fixture, listFixtures, testMaterials } from "../support/compile-fixture.js";
import { goldenFiles, isCopied } from "./golden-files.js";

// `npm run golden:update` sets it, and has vitest write what differs.
const isUpdate = process.env.BEAM2SPARK_UPDATE_GOLDEN === "1";

describe("a fixture's plan and project are as expected", () => {
  test.each(listFixtures())("$name", async (fixture) => {
    const golden = goldenFiles(await compileFixture(fixture));
    if (isUpdate) removeStale(fixture, golden);
    // Before the comparison, which writes files that are missing.
    else expect(listFiles(fixture.expected)).toEqual([...golden.keys()].sort());
    for (const [path, content] of golden) {
      await expect.soft(content).toMatchFileSnapshot(join(fixture.expected, path));
    }
  });
});

test("a project is what was made for it, the runtime and the launcher, nothing else", async () => {
  const { templates, launcher } = await testMaterials();
  const runtime = [...templates.keys()].filter((path) => !path.endsWith(".hbs"));
  const copied = [...runtime, ...launcher.map(({ path }) => `beam2spark_launcher/${path}`)].sort();
  expect(runtime.every(isCopied)).toBe(true);
  for (const fixture of listFixtures()) {
    const { files } = await compileFixture(fixture);
    expect(files.map(({ path }) => path).filter(isCopied)).toEqual(copied);
  }
});

test("expected/ folders belong to captured pipelines", () => {
  const fixtures = listFixtures();
  const folders = new Set(fixtures.map(({ expected }) => expected));
  for (const { pipeline } of fixtures) {
    const parent = join(pipeline, "..");
    for (const folder of readdirSync(parent).filter((name) => name.startsWith("expected"))) {
      expect(folders, `${folder} of ${parent} is stale`).toContain(join(parent, folder));
    }
  }
});

function removeStale({ expected }: Fixture, golden: ReadonlyMap<string, string>): void {
  for (const path of listFiles(expected)) if (!golden.has(path)) rmSync(join(expected, path));
}

function listFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
