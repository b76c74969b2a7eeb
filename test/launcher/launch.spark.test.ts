import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectPython } from "../protos/project-python.js";

const project = fileURLToPath(new URL("project/", import.meta.url));

interface Launched {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

describe("launchProject on a local Spark", () => {
  let folder: string;
  let launcher: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
    launcher = join(folder, "launcher.mjs");
    await build({
      stdin: {
        contents:
          'import { launchProject } from "./launch-project.js";' +
          "process.exitCode = await launchProject(JSON.parse(process.argv[2]));",
        resolveDir: fileURLToPath(new URL("../../src/launcher/", import.meta.url)),
      },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: launcher,
    });
    mkdirSync(join(folder, "temporary"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const launch = (
    end: string,
    options: object = {},
    onOutput?: (stop: (signal: NodeJS.Signals) => void) => void,
  ): Promise<Launched> =>
    new Promise((resolve) => {
      const request = {
        projectDirectory: project,
        python: projectPython(),
        sparkSubmitArguments: ["--master", "local[1]", "--conf", "spark.ui.enabled=false"],
        jobArguments: ["--end", end],
        ...options,
      };
      const env = { ...process.env, TMPDIR: join(folder, "temporary"), PYTHONPATH: "" };
      const child = spawn(process.execPath, [launcher, JSON.stringify(request)], { env, cwd: folder });
      const texts = { output: "", errors: "" };
      child.stdout.on("data", (text) => {
        texts.output += text;
        onOutput?.((signal) => child.kill(signal));
      });
      child.stderr.on("data", (text) => {
        texts.errors += text;
      });
      child.on("close", (status) => resolve({ status, ...texts }));
    });
  const readLog = (errors: string): string => /(\/\S+\.log)/.exec(errors)?.[1] ?? "";

  it("runs the job with the user's settings over the project's, and shows nodes and metrics", async () => {
    const moduleFolder = join(folder, "modules");
    const extra = join(folder, "extra.py");
    writeFileSync(extra, "");
    const sparkSubmitArguments = ["--master", "local[1]", "--py-files", extra];
    const more = ["--conf", "spark.sql.shuffle.partitions=5"];
    const { status, output, errors } = await launch("well", {
      sparkSubmitArguments: [...sparkSubmitArguments, ...more],
      moduleFolders: [moduleFolder],
    });
    expect(errors).toMatch(/2 {2}in-process {2}Double, Add +[\d.]+ s/);
    expect(errors).toContain("Double  words:seen  counter  10");
    expect(status).toBe(0);
    const job = JSON.parse(output);
    expect(job.settings).toEqual({
      "spark.master": "local[1]",
      "spark.app.name": "Counting",
      "spark.sql.shuffle.partitions": "5",
      "spark.ui.enabled": "false",
    });
    expect(job.python).toBe(projectPython());
    expect(job.runtime).toContain("beam2spark_runtime.zip");
    expect(job.PYTHONPATH).toContain(moduleFolder);
    expect(job.exists).toBe(true);
    expect(existsSync(job.temp)).toBe(false);
    expect(existsSync(readLog(errors))).toBe(true);
  });

  it("ends with the job's status, and with what the user's function said", async () => {
    const { status, errors } = await launch("badly");
    expect(status).toBe(7);
    const lines = errors.trimEnd().split("\n");
    expect(lines.slice(-6)).toEqual([
      "Traceback (most recent call last):",
      '  File "prog.py", line 3',
      "error runtime/user-error",
      "  at   Double/Add",
      "  why  ValueError: no such word",
      `  log  ${readLog(errors)}`,
    ]);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("stops Spark and cleans up after %s", async (signal, expected) => {
    let stopped = false;
    const { status, output, errors } = await launch("waiting", {}, (stop) => {
      if (!stopped) stop(signal);
      stopped = true;
    });
    // Its end of line may come after the signal.
    expect(output.trimEnd()).toBe("waiting");
    expect(errors).toContain("stopped; Spark's log is");
    expect(status).toBe(expected);
    const left = readdirSync(join(folder, "temporary"));
    expect(left.filter((name) => !name.startsWith("beam2spark-log-"))).toEqual([]);
  });

  it("starts nothing where something is missing", async () => {
    const { status, errors } = await launch("well", { projectDirectory: folder });
    expect(errors).toContain("error launch/not-a-project");
    expect(status).toBe(1);
    const cluster = await launch("well", { sparkSubmitArguments: ["--deploy-mode", "cluster"] });
    expect(cluster.errors).toContain("error launch/cluster-deploy-mode");
    const python = await launch("well", { python: "/nowhere/python" });
    expect(python.errors).toContain("error launch/python-unusable");
  });

  it("starts nothing that a cluster could not finish", async () => {
    const copy = join(folder, "keeps-results");
    cpSync(project, copy, { recursive: true });
    const plan = readFileSync(join(copy, "plan.json"), "utf8");
    writeFileSync(join(copy, "plan.json"), plan.replace('"lazy"', '"checkpoint"'));
    const cluster = { projectDirectory: copy, sparkSubmitArguments: ["--master", "spark://127.0.0.1:1"] };
    const { status, errors } = await launch("well", cluster);
    expect(errors).toContain("error launch/temp-location-missing");
    expect(status).toBe(1);
    mkdirSync(join(copy, "artifacts"));
    writeFileSync(join(copy, "artifacts", "broken.tar.gz"), "no archive\n");
    const packages = await launch("well", { projectDirectory: copy });
    expect(packages.errors).toContain("error launch/packages-failed");
    expect(packages.status).toBe(1);
  });
}, 180_000);
