import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findJava } from "../../src/machine/find-java.mjs";
import { buildProject } from "../../src/scala/build-project.js";
import { projectSpark } from "./project-spark.js";

const sources = fileURLToPath(new URL("project/", import.meta.url));

describe("building a Scala project", () => {
  let folder: string;
  let project: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
    project = join(folder, "a project");
    cpSync(sources, project, { recursive: true });
    mkdirSync(join(folder, "work"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const java = findJava();
  const build = (directory = project, sparkHome = projectSpark()) =>
    buildProject(directory, {
      javaHome: java.ok ? java.home : "",
      sparkHome,
      sparkVersion: "4",
      environment: { XDG_CACHE_HOME: join(folder, "cache") },
      workFolder: join(folder, "work"),
      logFile: join(folder, "log"),
    });
  const job = (): string => join(project, "src", "main", "scala", "Job.scala");
  const kept = (): string[] => readdirSync(join(folder, "cache", "beam2spark", "scala"));

  it("keeps the runtime for the next project, for this user alone, and makes it once more when it has changed", async () => {
    const first = await build();
    expect(first).toMatchObject({ ok: true });
    const [name] = kept();
    expect(kept()).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.jar$/)]);
    expect(statSync(join(folder, "cache", "beam2spark")).mode & 0o077).toBe(0);
    const made = statSync(join(folder, "cache", "beam2spark", "scala", name!)).ino;

    const other = join(folder, "other");
    cpSync(project, other, { recursive: true });
    const second = await build(other);
    expect(second).toMatchObject({ ok: true, value: { jars: [expect.stringContaining(name!)] } });
    expect(statSync(join(folder, "cache", "beam2spark", "scala", name!)).ino).toBe(made);

    const runtime = join(other, "src/main/scala/beam2spark/runtime/Greeting.scala");
    writeFileSync(runtime, readFileSync(runtime, "utf8").replace("hello", "goodbye"));
    const [third, fourth] = await Promise.all([build(other), build(other)]);
    expect([third, fourth]).toMatchObject([{ ok: true }, { ok: true }]);
    expect(kept()).toHaveLength(2);
  });

  it("says what the compiler doesn't take, and leaves nothing half made", async () => {
    writeFileSync(job(), readFileSync(job(), "utf8").replace("Greeting.greet", "Greeting.great"));
    const built = await build();
    expect(built).toMatchObject({
      diagnostics: [
        { code: "launch/scala-not-compiled", why: expect.stringMatching(/value great is not a member/) },
      ],
    });
    expect(readFileSync(join(folder, "log"), "utf8")).toContain("Job.scala:10: error: value great");
    expect(kept().filter((name) => !name.endsWith(".jar"))).toEqual([]);
  });

  it("takes the jar that Maven has built as long as it is newer than the sources", async () => {
    mkdirSync(join(project, "target"));
    const jar = join(project, "target", "job.jar");
    writeFileSync(jar, "");
    writeFileSync(join(project, "target", "original-job.jar"), "");
    utimesSync(jar, Date.now() / 1000 + 60, Date.now() / 1000 + 60);
    expect(await build()).toMatchObject({ value: { jar, jars: [] } });
    utimesSync(jar, 1, 1);
    expect(await build(project, folder)).toMatchObject({
      diagnostics: [{ code: "launch/scala-compiler-missing" }],
    });
  });

  it("refuses a folder without a job", async () => {
    rmSync(job());
    expect(await build()).toMatchObject({ diagnostics: [{ code: "launch/scala-sources-missing" }] });
  });
});
