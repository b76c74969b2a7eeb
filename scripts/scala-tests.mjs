import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { buildFolder, root } from "./paths.mjs";
import { installScalaTools } from "./scala/install-scala-tools.mjs";
import { listScalaSources } from "./scala/scala-sources.mjs";
import { compilerClassPath, findSparkJars } from "./scala/spark-jars.mjs";
import { runScript } from "./setup/run-script.mjs";

const usage = `usage: node scripts/scala-tests.mjs [WORD …] [--report FILE]

Compiles the Scala runtime, the drivers of serve, the tests of both, and the programs of the benchmarks, without a
warning, and runs the suites whose names have one of the words; without words all.`;

const warnings = ["-deprecation", "-feature", "-unchecked", "-Xlint", "-Werror"];
// Most of what Java does here is to start: its quick compiler alone is the faster one.
const shortLived = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g"];
// What Spark asks for where it is not started by its own scripts.
const opened = [
  ...[
    "java.base/java.lang",
    "java.base/java.lang.invoke",
    "java.base/java.lang.reflect",
    "java.base/java.io",
  ],
  ...["java.base/java.net", "java.base/java.nio", "java.base/java.util", "java.base/java.util.concurrent"],
  ...["java.base/java.util.concurrent.atomic", "java.base/sun.nio.ch", "java.base/sun.nio.cs"],
  ...["java.base/sun.security.action", "java.base/sun.util.calendar"],
].flatMap((name) => ["--add-opens", `${name}=ALL-UNNAMED`]);

function java(words) {
  const executable = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : "java";
  const environment = { ...process.env, SPARK_LOCAL_IP: "127.0.0.1" };
  const options = {
    cwd: root,
    env: environment,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "inherit"],
  };
  const done = spawnSync(executable, words, options);
  if (done.error !== undefined) throw done.error;
  process.stdout.write(done.stdout);
  return done;
}

/** The suites in a source: classes that extend one of munit's, by their full names. */
function listSuites(source) {
  const text = readFileSync(join(root, source), "utf8");
  const place = /^package (\S+)/m.exec(text)?.[1];
  const names = [...text.matchAll(/^(?:final )?class (\w+)[^{]*? extends (?:munit\.)?FunSuite\b/gm)];
  return names.map(([, name]) => (place === undefined ? name : `${place}.${name}`));
}

/** What JUnit says at its end. */
function countTests(output) {
  const done = /^OK \((\d+) tests?\)/m.exec(output);
  if (done !== null) return { passed: Number(done[1]), failed: 0 };
  const counts = /^Tests run: (\d+), {2}Failures: (\d+)/m.exec(output);
  if (counts === null) return { passed: 0, failed: 1 };
  return { passed: Number(counts[1]) - Number(counts[2]), failed: Number(counts[2]) };
}

await runScript(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { report: { type: "string" }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const tools = installScalaTools();
  const jars = findSparkJars();
  const classes = join(buildFolder, "scala-classes");
  rmSync(classes, { recursive: true, force: true });
  mkdirSync(classes, { recursive: true });
  const classPath = [join(jars, "*"), join(tools, "*")].join(delimiter);
  const sources = listScalaSources();
  const compiled = java([
    ...[
      ...shortLived,
      "-Xss4m",
      "-cp",
      compilerClassPath(jars),
      "scala.tools.nsc.Main",
      "-release",
      "17",
      ...warnings,
    ],
    ...["-classpath", classPath, "-d", classes, ...sources],
  ]);
  if (compiled.status !== 0) return 1;
  const suites = sources
    .flatMap(listSuites)
    .filter((name) => positionals.length === 0 || positionals.some((word) => name.includes(word)));
  const run = java([
    ...[...shortLived, ...opened, "-Duser.timezone=UTC", "-cp", [classes, classPath].join(delimiter)],
    ...["org.junit.runner.JUnitCore", ...suites],
  ]);
  if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(countTests(run.stdout)));
  return run.status ?? 1;
});
