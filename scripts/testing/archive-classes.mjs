import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildFolder, requirementsFile, root, virtualPython } from "../paths.mjs";
import { shortLivedJava } from "./short-lived-java.mjs";

const program = join(root, "scripts", "testing", "load_classes.py");

/** Names an archive by what its classes are of: a JVM leaves another's unread, and says nothing. */
function nameArchive() {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : "java";
  const version = spawnSync(java, ["-version"], { encoding: "utf8" }).stderr;
  const hash = createHash("sha256").update(`${root} ${version}`);
  for (const file of [requirementsFile, program]) hash.update(readFileSync(file));
  return join(buildFolder, `spark-classes-${hash.digest("hex").slice(0, 16)}.jsa`);
}

/**
 * Archives the classes of Spark that nearly every run loads, unless that is done: each JVM reads, checks and lays out ten
 * thousand of them at its start, which is half of what a short run takes.
 *
 * Out: the JVM's option for it; none where it can't be made, as all runs without it, too.
 */
export function archiveClasses() {
  const archive = nameArchive();
  const option = `-XX:SharedArchiveFile="${archive}"`;
  if (existsSync(archive)) return option;
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-classes-"));
  console.log("set-up: an archive of Spark's classes");
  // A half-made one never has the name.
  const made = `${archive}.${process.pid}`;
  const words = ["--master", "local[2]", "--conf", "spark.ui.enabled=false", program, join(folder, "rows")];
  const done = spawnSync(join(dirname(virtualPython), "spark-submit"), words, {
    cwd: folder,
    env: {
      ...process.env,
      PYSPARK_PYTHON: virtualPython,
      SPARK_LOCAL_IP: "127.0.0.1",
      SPARK_SUBMIT_OPTS: `${shortLivedJava} -XX:ArchiveClassesAtExit="${made}"`,
    },
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  rmSync(folder, { recursive: true, force: true });
  if (existsSync(made)) {
    renameSync(made, archive);
    return option;
  }
  console.log(`no archive (${done.error?.message ?? done.status}): ${(done.stderr ?? "").slice(-2000)}`);
  return "";
}
