import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { buildFolder, root, virtualPython } from "./paths.mjs";
import { runScript } from "./setup/run-script.mjs";
import { setUp } from "./setup/set-up.mjs";

const folder = join(buildFolder, "quickstart");
const commandLine = join(root, "bin", "beam2spark.mjs");
const shown = 10;

const below = (...parts) => relative(root, join(folder, ...parts));

// Output that says nothing about what is being shown goes to a file, which is printed only after a failure.
function runCommand(title, words, { quietLog = null } = {}) {
  console.log(`\n── ${title}\n$ beam2spark ${words.join(" ")}\n`);
  const stdio = quietLog === null ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"];
  const done = spawnSync(process.execPath, [commandLine, ...words], { cwd: root, stdio, encoding: "utf8" });
  if (quietLog !== null) writeFileSync(join(folder, quietLog), `${done.stdout}${done.stderr}`);
  if (done.status === 0) return;
  if (quietLog !== null) process.stderr.write(`${done.stdout}${done.stderr}`);
  throw new Error(`${title} ended with ${done.signal ?? `status ${done.status}`}`);
}

function readCounts() {
  const output = join(folder, "output");
  return readdirSync(output)
    .sort()
    .flatMap((name) => readFileSync(join(output, name), "utf8").trim().split("\n"))
    .map((line) => /^(.*): (\d+)$/.exec(line))
    .map(([, word, count]) => ({ word, count: Number(count) }))
    .sort((left, right) => right.count - left.count || (left.word < right.word ? -1 : 1));
}

function showResults() {
  const counts = readCounts();
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  console.log(`\n── The results: ${total} words, ${counts.length} different ones; the most frequent:\n`);
  for (const { word, count } of counts.slice(0, shown)) console.log(`${String(count).padStart(6)}  ${word}`);
}

function showWhereNext() {
  const pipeline = below("wordcount.pb");
  const lines = [
    [`${below("project", "job.py")}`, "the pipeline as a Spark engineer would write it"],
    [`${below("project", "PLAN.txt")}`, "each step: how it runs, and why"],
    [`${below("output")}${"/"}`, "the counts, in the files that Beam's own sink names"],
    [`node bin/beam2spark.mjs explain ${pipeline} --format mermaid`, "the plan as a picture"],
    ["node bin/beam2spark.mjs run -- python your_program.py", "your own pipeline"],
    ["README.md", "everything else"],
  ];
  console.log("\n── Where to look next\n");
  const width = Math.max(...lines.map(([what]) => what.length));
  for (const [what, why] of lines) console.log(`${what.padEnd(width)}  ${why}`);
}

await runScript(async () => {
  await setUp();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "output"), { recursive: true });
  const pipeline = below("wordcount.pb");
  const python = ["--python", relative(root, virtualPython)];
  const program = ["python", "-m", "apache_beam.examples.wordcount"];
  const files = ["--input", "examples/sonnets.txt", "--output", below("output", "counts")];
  runCommand(
    "Take the pipeline of Beam's own word count, unchanged",
    ["capture", "-o", pipeline, ...python, "--", ...program, ...files],
    { quietLog: "capture.log" },
  );
  runCommand("See what each step will be, and why", ["explain", pipeline]);
  runCommand("Compile it to a PySpark project, and run that on a local Spark", [
    "run",
    pipeline,
    "-o",
    below("project"),
    ...python,
  ]);
  showResults();
  showWhereNext();
  return 0;
});
