import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { build } from "../../scripts/build.mjs";
import { projectPython } from "../protos/project-python.js";
import { runCommandLine } from "./run-command-line.js";

const program = fileURLToPath(new URL("program/shouting.py", import.meta.url));

describe("run -- python program.py", () => {
  let folder: string;
  beforeAll(build);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (...words: readonly string[]) =>
    runCommandLine(
      [
        ...["run", "--master", "local[2]", "--python", projectPython(), "-o", "project"],
        ...["--", "python", program, "--output", join(folder, "out"), ...words],
      ],
      folder,
    );

  it("captures, compiles and runs a program that imports a module beside it", async () => {
    const { status, errors } = await run("--word", "1e3", "--word", "love");
    expect(errors).toMatch(/Count +words:seen +counter +2\n/);
    expect(status).toBe(0);
    expect(readdirSync(folder)).toContain("project");
    const shards = readdirSync(folder).filter((name) => name.startsWith("out-"));
    const lines = shards.flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"));
    expect(lines.filter((line) => line !== "").sort()).toEqual(["1E3", "LOVE"]);
  });

  it("ends with the job's status and the user's error when a function fails", async () => {
    const { status, errors } = await run("--word", "fear");
    expect(status).toBe(1);
    expect(errors.trimEnd().split("\n").slice(-4, -1)).toEqual([
      "error runtime/user-function-failed",
      "  at   Shout",
      "  why  ValueError: nobody shouts fear",
    ]);
  });
}, 180_000);
