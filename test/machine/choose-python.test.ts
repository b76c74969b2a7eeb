import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { choosePython } from "../../src/machine/choose-python.js";

describe("choosePython", () => {
  let folder: string;
  const makePython = (...parts: string[]): string => {
    const python = join(folder, ...parts);
    mkdirSync(join(python, ".."), { recursive: true });
    writeFileSync(python, "");
    return python;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("takes --python, else the active environment, else the project's, else the PATH's", () => {
    const active = makePython("active", "bin", "python");
    const own = makePython("project", ".venv", "bin", "python");
    const onPath = makePython("bin", "python3");
    const choose = (asked: string | undefined, VIRTUAL_ENV: string | undefined, projectFolders: string[]) =>
      choosePython({ asked, environment: { VIRTUAL_ENV, PATH: join(folder, "bin") }, projectFolders });
    const project = join(folder, "project");
    expect(choose("mine", join(folder, "active"), [project])).toEqual({ ok: true, python: "mine" });
    expect(choose(".venv/bin/python", undefined, [])).toEqual({
      ok: true,
      python: join(process.cwd(), ".venv/bin/python"),
    });
    expect(choose(undefined, join(folder, "active"), [project])).toEqual({ ok: true, python: active });
    expect(choose(undefined, undefined, [folder, project])).toEqual({ ok: true, python: own });
    expect(choose(undefined, join(folder, "deleted"), [folder])).toEqual({ ok: true, python: onPath });
  });

  it("says where it looked when there is none", () => {
    const result = choosePython({ environment: { PATH: folder }, projectFolders: [folder] });
    expect(result).toEqual({
      ok: false,
      looked: ["VIRTUAL_ENV", join(folder, ".venv", "bin", "python"), "python3 on the PATH"],
    });
  });
});
