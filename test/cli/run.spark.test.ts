import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { build } from "../../scripts/build.mjs";
import { findPackageRoot } from "../../src/package-root.js";
import { projectPython } from "../protos/project-python.js";
import { runCommandLine } from "./run-command-line.js";

const program = fileURLToPath(new URL("program/shouting.py", import.meta.url));
const readingBack = fileURLToPath(new URL("program/reading_back.py", import.meta.url));

/** Connects to a port of this machine, and hangs up. */
function dial(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.end(resolve));
    socket.on("error", reject);
  });
}

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

  it("runs each pipeline when the program does, which then finds what it has written", async () => {
    const words = ["run", "--master", "local[2]", "--python", projectPython(), "--"];
    const { status, output } = await runCommandLine(
      [...words, "python", readingBack, "--folder", folder],
      folder,
    );
    expect(output).toContain("read back ['a\\n', 'b\\n']");
    expect(status).toBe(0);
    const shards = readdirSync(folder).filter((name) => name.startsWith("second"));
    const lines = shards.flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"));
    expect(lines.filter((line) => line !== "").sort()).toEqual(["A", "B"]);
  });

  it("is there by the runner's name, with a Job service of its own that ends with the program", async () => {
    const words = [program, "--output", join(folder, "out"), "--word", "love"];
    const spark = ["--runner=beam2spark.Beam2SparkRunner", "--spark_master_url=local[2]"];
    const environment = { ...process.env, PYTHONPATH: join(findPackageRoot(), "python") };
    const { stderr } = await promisify(execFile)(projectPython(), [...words, ...spark], {
      env: environment,
      cwd: folder,
    });
    const shards = readdirSync(folder).filter((name) => name.startsWith("out-"));
    expect(shards.map((name) => readFileSync(join(folder, name), "utf8")).join("")).toBe("LOVE\n");
    const port = /--job-port', '(\d+)'/.exec(stderr)?.[1];
    expect(port).toBeDefined();
    await expect(dial(Number(port))).rejects.toThrow("ECONNREFUSED");
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
