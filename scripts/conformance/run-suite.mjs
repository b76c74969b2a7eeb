import { spawn } from "node:child_process";
import { createWriteStream, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, virtualPython } from "../paths.mjs";

const folderOfPrograms = join(root, "test", "conformance");

const programs = { go: "run_go_suite.py", "go-examples": "run_go_examples.py" };

function programOf(suite) {
  const program = programs[suite];
  return program === undefined
    ? [join(folderOfPrograms, "run_suite.py"), suite]
    : [join(folderOfPrograms, program)];
}

function formatProgress(line) {
  const test = /^\S*::(\S+) ([A-Z]+)\b/.exec(line);
  return test === null ? null : `  ${test[2].toLowerCase().padEnd(8)}${test[1]}\n`;
}

/**
 * Runs one of Beam's suites against an endpoint; each test shows as a line.
 *
 * In: the suite's name, the endpoint, a folder for its log and verdicts, more arguments of its program. Out:
 * `{ suite, records, seconds }`. Errors: an Error that names the log, if the suite itself can't be run.
 */
export async function runSuite(suite, endpoint, folder, options) {
  const results = join(folder, `${suite}.json`);
  const logFile = join(folder, `${suite}.log`);
  rmSync(results, { force: true });
  const started = Date.now();
  const words = [...programOf(suite), "--endpoint", endpoint, "--results", results, ...options];
  const child = spawn(virtualPython, words, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(logFile);
  let rest = "";
  child.stdout.on("data", (chunk) => {
    log.write(chunk);
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) process.stdout.write(formatProgress(line) ?? "");
  });
  child.stderr.on("data", (chunk) => log.write(chunk));
  const status = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => log.end(() => resolve(code)));
  });
  if (status !== 0) throw new Error(`the ${suite} suite ended with ${status}; ${logFile} has what it said`);
  return {
    suite,
    records: JSON.parse(readFileSync(results, "utf8")),
    seconds: (Date.now() - started) / 1000,
  };
}
