import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { compareHollowVerdicts, compareVerdicts } from "./conformance/compare-verdicts.mjs";
import { readExpectations } from "./conformance/expectations.mjs";
import { formatReport } from "./conformance/format-report.mjs";
import { runSuite } from "./conformance/run-suite.mjs";
import { startService } from "./conformance/start-service.mjs";
import { buildFolder, root, virtualPython } from "./paths.mjs";
import { runScript } from "./setup/run-script.mjs";
import { setUp } from "./setup/set-up.mjs";

const usage = `usage: npm run conformance -- [class] [marked] [go] [go-examples] [options]

Runs Beam's own tests of portable runners ("class") and those that it marks for the validation of runners ("marked")
through \`beam2spark serve\`, and holds the verdicts against test/conformance/not-passing.json. Where they are named,
so are Beam's integration tests in Go ("go") and the examples of its Go SDK ("go-examples", also as projects with
their staged binary: test/conformance/go-examples.json): they need Go, and the first run builds them for minutes.

  -k WORDS              only tests whose names have them, as pytest's -k
  --seconds N           the most that a test may take (180)
  --endpoint HOST:PORT  a Job service that runs already
  --lane LANE           where functions run: in-process (the default, but with Go) or fn-api
  --target TARGET       what jobs are written in: pyspark (the default) or scala, which has the lane fn-api alone
  --environment TYPE    Beam's environment_type (its default: none)
  --report FILE         writes the counts as JSON
  --hollow              against a service that runs nothing: proves that the tests can fail`;

const serve = [
  ...[process.execPath, join(root, "bin", "beam2spark.mjs"), "serve"],
  ...["--job-port", "0", "--artifact-port", "0", "--spark-master-url", "local[2]", "--python", virtualPython],
];
// Suites that run where they are named alone.
const onlyNamed = ["go", "go-examples"];
const lanes = ["in-process", "fn-api"];
const targets = ["pyspark", "scala"];
const hollowService = [virtualPython, join(root, "test", "conformance", "hollow_service.py")];

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      k: { type: "string", short: "k" },
      seconds: { type: "string", default: "180" },
      endpoint: { type: "string" },
      environment: { type: "string" },
      lane: { type: "string" },
      target: { type: "string", default: targets[0] },
      hollow: { type: "boolean", default: false },
      report: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  // Neither Scala nor Go has functions that Spark's own workers run.
  const needsWorkers = values.target === "scala" || positionals.some((suite) => onlyNamed.includes(suite));
  const lane = values.lane ?? (needsWorkers ? "fn-api" : lanes[0]);
  return { ...values, lane, suites: positionals };
}

function nameFolder({ lane, target }) {
  if (target !== targets[0]) return `conformance-${target}`;
  return lane === lanes[0] ? "conformance" : `conformance-${lane}`;
}

function findService({ endpoint, hollow, lane, target }, folder) {
  if (endpoint !== undefined) return { endpoint, stop: async () => {} };
  // Beam's test classes are pickled by name where they can be: workers have to find them.
  const environment = {
    ...process.env,
    PYTHONPATH: join(root, "test", "conformance"),
    SPARK_LOCAL_IP: "127.0.0.1",
  };
  const command = hollow ? hollowService : [...serve, "--target", target, "--lane", lane];
  return startService({ command, environment, folder: root, logFile: join(folder, "service.log") });
}

// Only tests that pass count as passed; those that are listed and don't, count as nothing.
function writeReport(file, runs, differences) {
  const passes = runs.flatMap(({ records }) =>
    Object.values(records).filter(({ verdict }) => verdict === "pass"),
  );
  writeFileSync(file, JSON.stringify({ passed: passes.length, failed: differences.length }));
}

await runScript(async () => {
  const options = readArguments();
  const expectations = readExpectations(options.lane, options.target);
  const known = Object.keys(expectations.tests);
  const unknown = options.suites.filter((suite) => !known.includes(suite));
  if (!lanes.includes(options.lane)) unknown.push(options.lane);
  if (!targets.includes(options.target)) unknown.push(options.target);
  // They run projects, too, which no service has to do with.
  if (options.hollow && options.suites.includes("go-examples")) unknown.push("go-examples with --hollow");
  if (options.help || unknown.length > 0) {
    console.log(unknown.length > 0 ? `no suite, lane or target ${unknown.join(", ")}\n\n${usage}` : usage);
    return options.help ? 0 : 2;
  }
  await setUp();
  const folder = join(buildFolder, nameFolder(options));
  mkdirSync(folder, { recursive: true });
  const service = await findService(options, folder);
  const passOn = [
    ...["--seconds", options.seconds],
    ...(options.environment === undefined ? [] : ["--environment", options.environment]),
    ...(options.k === undefined ? [] : ["-k", options.k]),
  ];
  const suites =
    options.suites.length > 0 ? options.suites : known.filter((suite) => !onlyNamed.includes(suite));
  console.log(`── ${suites.join(", ")}`);
  const finished = await Promise.allSettled(
    suites.map((suite) =>
      runSuite(suite, service.endpoint, folder, [
        ...passOn,
        ...(suite === "go-examples" ? ["--target", options.target] : []),
      ]),
    ),
  );
  await service.stop();
  const broken = finished.find(({ status }) => status === "rejected");
  if (broken !== undefined) throw broken.reason;
  const runs = finished.map(({ value }) => value);
  const compare = options.hollow ? compareHollowVerdicts : compareVerdicts;
  const differences = runs.flatMap(({ suite, records }) =>
    compare(records, expectations, options.k === undefined ? expectations.tests[suite] : null),
  );
  if (options.report !== undefined) writeReport(options.report, runs, differences);
  console.log(`── verdicts\n${formatReport(runs, options.hollow ? [] : expectations.notPassing)}`);
  console.log(`\n${relative(root, folder)} has each test's verdict, message and output`);
  if (differences.length === 0) {
    console.log("as expected");
    return 0;
  }
  console.log(`\n${differences.length} not as expected:\n${differences.join("\n")}`);
  return 1;
});
