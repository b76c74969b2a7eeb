import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeProject } from "../../../src/compiler/6-write/write-project.js";

const project = [
  { path: "plan.json", content: "{}" },
  { path: "PLAN.txt", content: "nothing" },
  { path: "beam2spark_runtime/__init__.py", content: "" },
  { path: "stages/s01.pb", content: Uint8Array.from([0, 255, 1]) },
];

describe("writeProject", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "beam2spark-test-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const codesOf = async (target: string, force = false, files = project) => {
    const result = await writeProject(files, target, { force });
    return result.ok ? [] : result.diagnostics.map(({ code }) => code);
  };

  it("writes every file, bytes as they are, and leaves nothing beside the project", async () => {
    expect(await codesOf(join(folder, "a", "out"))).toEqual([]);
    expect([...(await readFile(join(folder, "a", "out", "stages", "s01.pb")))]).toEqual([0, 255, 1]);
    expect(await readdir(join(folder, "a"))).toEqual(["out"]);
  });

  it("replaces an empty folder and an older project, without leftovers of it", async () => {
    const target = join(folder, "out");
    await mkdir(target);
    expect(await codesOf(target)).toEqual([]);
    await writeFile(join(target, "stale.pb"), "");
    expect(await codesOf(target)).toEqual([]);
    expect(await readdir(target)).not.toContain("stale.pb");
  });

  it("replaces a project through a symbolic link to it", async () => {
    await mkdir(join(folder, "real"));
    await symlink(join(folder, "real"), join(folder, "link"));
    expect(await codesOf(join(folder, "link"))).toEqual([]);
    expect(await readdir(join(folder, "real"))).toContain("plan.json");
  });

  it("refuses a folder with other things in it, unless forced", async () => {
    await writeFile(join(folder, "thesis.txt"), "years of work");
    expect(await codesOf(folder)).toEqual(["write/folder-not-empty"]);
    expect(await readdir(folder)).toEqual(["thesis.txt"]);
    expect(await codesOf(folder, true)).toEqual([]);
    expect(await readdir(folder)).not.toContain("thesis.txt");
  });

  it("never removes the current folder, even when forced", async () => {
    expect(await codesOf(process.cwd(), true)).toEqual(["write/folder-too-wide"]);
  });

  it("refuses a file's name", async () => {
    await writeFile(join(folder, "file"), "");
    expect(await codesOf(join(folder, "file"), true)).toEqual(["write/not-a-folder"]);
    expect(await codesOf(join(folder, "file", "below"))).toEqual(["write/failed"]);
  });

  it.each(["../out", "/etc/passwd", "a/../../b", "a//b", "C:/b", "a\\b"])(
    "never writes to %s, and writes nothing at all then",
    async (path) => {
      const files = [...project, { path, content: "" }];
      await expect(writeProject(files, join(folder, "out"), { force: false })).rejects.toThrow("leaves");
      expect(await readdir(folder)).toEqual([]);
    },
  );
});
