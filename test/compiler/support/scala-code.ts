import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findJava } from "../../../src/machine/find-java.mjs";
import { findPackageRoot } from "../../../src/package-root.js";
import { makeKeptJar } from "../../../src/scala/kept-jar.js";
import { listSources } from "../../../src/scala/list-sources.js";
import { findScalaCompiler, type ScalaCompiler } from "../../../src/scala/scala-compiler.js";
import { projectSpark } from "../../scala-build/project-spark.js";

const root = findPackageRoot();
const javaFlags = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m", "-Xmx1g"];
const strict = ["-deprecation", "-feature", "-unchecked", "-Xlint", "-Werror"];

/** What the Scala compiler makes of programs. */
export interface CheckedScala {
  /** Its errors and warnings, "" where there are none. */
  readonly said: string;
  /** The syntax trees of its parser, as it prints them. */
  readonly parsed: string;
}

/** Has the Scala compiler check programs against the runtime, with all its warnings. */
export async function checkScala(programs: ReadonlyMap<string, string>): Promise<CheckedScala> {
  const words = ["-Xprint:parser", "-Ystop-after:refchecks", ...strict];
  const { status, stdout, stderr } = await runScalac(programs, words);
  return { said: status === 0 ? stderr : stderr || `scalac ended with ${status}`, parsed: stdout };
}

/** Runs a program, the object `Main`, which must be without a warning. @returns what it printed */
export async function runScala(program: string): Promise<string> {
  const classes = mkdtempSync(join(tmpdir(), "beam2spark-classes-"));
  try {
    const { status, stderr } = await runScalac(new Map([["Main", program]]), [...strict, "-d", classes]);
    if (status !== 0) throw new Error(stderr);
    const { java, compiler } = tools();
    const done = spawnSync(java, ["-cp", [classes, compiler.ownClassPath].join(delimiter), "Main"], spawning);
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout;
  } finally {
    rmSync(classes, { recursive: true });
  }
}

/** Whether scalafmt leaves files as they are: "", else what it says. */
export function checkScalaLayout(files: readonly string[]): string {
  const script = join(root, "scripts", "scala-format.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...files], spawning);
  return status === 0 ? "" : `${stdout}${stderr}`;
}

const spawning = { encoding: "utf8", maxBuffer: 2 ** 28 } as const;

function tools(): { readonly java: string; readonly javaHome: string; readonly compiler: ScalaCompiler } {
  const java = findJava();
  const compiler = findScalaCompiler(projectSpark());
  if (!java.ok || compiler === null) throw new Error("there is no Java or no Scala compiler");
  return { java: join(java.home, "bin", "java"), javaHome: java.home, compiler };
}

async function runScalac(programs: ReadonlyMap<string, string>, words: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-scala-"));
  const { java, javaHome, compiler } = tools();
  try {
    const runtime = await makeKeptJar({
      jars: [],
      compiler,
      javaHome,
      sources: listSources(join(root, "templates", "scala")).runtime,
      sourceFolder: join(root, "templates", "scala"),
      sparkVersion: "test",
      cacheFolder: join(root, "build"),
      workFolder: folder,
    });
    mkdirSync(join(folder, "programs"));
    const sources = [...programs].map(([name, text]) => {
      const path = join(folder, "programs", `${name}.scala`);
      writeFileSync(path, text);
      return path;
    });
    const classPath = [runtime, compiler.sparkClassPath].join(delimiter);
    const scalac = ["-cp", compiler.ownClassPath, "scala.tools.nsc.Main", "-classpath", classPath];
    const output = words.includes("-d") ? [] : ["-d", folder];
    return spawnSync(java, [...javaFlags, ...scalac, ...output, ...words, ...sources], spawning);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
