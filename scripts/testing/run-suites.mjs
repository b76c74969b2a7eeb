import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildFolder, root, virtualPython } from "../paths.mjs";
import { countResults } from "./count-results.mjs";
import { nameFailures } from "./name-failures.mjs";
import { shortLivedJava } from "./short-lived-java.mjs";

const reportFolder = join(buildFolder, "reports");
// Most suites wait for much of their time, and use several processes for the rest.
const sideBySide = 3;

function reportArguments(kind, reportFile) {
  if (kind === "vitest") return ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  if (kind === "counts") return [`--report=${reportFile}`];
  return kind === "pytest" ? [`--junitxml=${reportFile}`] : [];
}

function runSuite(suite, environment) {
  const fileName = suite.name.replaceAll(" ", "-");
  const reportFile = join(reportFolder, `${fileName}.report`);
  const logFile = join(reportFolder, `${fileName}.log`);
  rmSync(reportFile, { force: true });
  const [executable, ...args] = [...suite.command, ...reportArguments(suite.kind, reportFile)];
  const started = Date.now();
  return new Promise((resolve) => {
    const log = createWriteStream(logFile);
    const child = spawn(executable, args, { cwd: root, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        log.write(chunk);
      });
    }
    child.on("error", (error) => log.write(`${executable}: ${error.message}\n`));
    child.on("close", (status) => {
      log.end(() => {
        const counts = countResults(suite.kind, reportFile, status);
        const failures = nameFailures(suite.kind, reportFile);
        resolve({ suite, status, logFile, failures, seconds: (Date.now() - started) / 1000, ...counts });
      });
    });
  });
}

function formatResult({ suite, passed, failed, seconds }) {
  const verdict = failed === 0 ? "ok    " : "FAILED";
  return `${verdict} ${suite.name.padEnd(22)} ${passed} passed, ${failed} failed  ${seconds.toFixed(1)} s`;
}

function printFailures({ failures }) {
  for (const { name, message } of failures) console.log(`  ✗ ${name}\n${message.replace(/^/gm, "    ")}`);
}

/** Takes suites from a queue and runs them one after the other, until none is left. */
async function runQueue(queue, environment) {
  const results = [];
  for (let suite = queue.shift(); suite !== undefined; suite = queue.shift()) {
    console.log(`── ${suite.name}`);
    const result = await runSuite(suite, environment);
    console.log(formatResult(result));
    printFailures(result);
    results.push(result);
  }
  return results;
}

/**
 * Runs suites phase by phase and prints a summary, whose last line is `N passed, N failed`. A suite's output is in
 * build/reports, and printed only if it fails; which tests failed, as soon as it ends and once more in the summary.
 *
 * In: suites as in suites.mjs, and more options of JVMs that Spark starts. Out: the exit status.
 */
export async function runSuites(suites, javaOptions = "") {
  mkdirSync(reportFolder, { recursive: true });
  // What Beam's own runner makes of the fixtures serves all suites of this run.
  const references = join(buildFolder, "references");
  rmSync(references, { recursive: true, force: true });
  const java = `${shortLivedJava} ${javaOptions}`;
  const environment = {
    ...process.env,
    BEAM2SPARK_REFERENCES: references,
    BEAM2SPARK_PYTHON: virtualPython,
    PYSPARK_PYTHON: virtualPython,
    PYSPARK_DRIVER_PYTHON: virtualPython,
    SPARK_LOCAL_IP: "127.0.0.1",
    SPARK_SUBMIT_OPTS: java,
    SPARK_LAUNCHER_OPTS: shortLivedJava,
    SPARK_DAEMON_JAVA_OPTS: java,
    PYTHONPATH: join(root, "templates", "pyspark"),
    PYTHONDONTWRITEBYTECODE: "1",
  };
  const results = [];
  for (const phase of [...new Set(suites.map((suite) => suite.phase))].sort()) {
    const queue = suites.filter((suite) => suite.phase === phase);
    const finished = await Promise.all(
      Array.from({ length: sideBySide }, () => runQueue(queue, environment)),
    );
    results.push(...finished.flat());
  }
  for (const { suite, failed, logFile } of results) {
    if (failed > 0) console.log(`── ${suite.name} has said\n${readFileSync(logFile, "utf8")}`);
  }
  console.log("── summary");
  for (const result of results) {
    console.log(formatResult(result));
    printFailures(result);
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
