import { readFileSync } from "node:fs";
import { join } from "node:path";
import yargs from "yargs";
import { findPackageRoot } from "../package-root.js";
import { createCaptureCommand } from "./capture.js";
import { compileCommand } from "./compile.js";
import { exitCodes } from "./exit-codes.js";
import { explainCommand } from "./explain.js";
import { type CommandLine, cutCommandLine } from "./program-words.js";
import { createRunCommand } from "./run.js";
import { serveCommand } from "./serve.js";
import { UsageError } from "./usage-error.js";
import { workerPoolCommand } from "./worker-pool.js";

function readVersion(): string {
  const manifest = readFileSync(join(findPackageRoot(), "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

function createParser({ own, program }: CommandLine) {
  return yargs(own)
    .scriptName("beam2spark")
    .usage(
      "beam2spark COMMAND\n\nTurns portable Apache Beam pipelines into readable Spark projects, and runs them.",
    )
    .parserConfiguration({ "camel-case-expansion": false })
    .command(compileCommand)
    .command(explainCommand)
    .command(createRunCommand(program))
    .command(createCaptureCommand(program))
    .command(serveCommand)
    .command(workerPoolCommand)
    .demandCommand(1, "which command?")
    .strict()
    .detectLocale(false)
    .alias("help", "h")
    .version(readVersion())
    .wrap(110)
    .exitProcess(false)
    .fail((message, error) => {
      // The parser's own complaints come either way.
      if (error === undefined || error.name === "YError") throw new UsageError(message ?? error.message);
      throw error;
    });
}

try {
  await createParser(cutCommandLine(process.argv.slice(2))).parseAsync();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`error: ${error.message}\nSee beam2spark --help, or --help after a command.\n`);
  process.exitCode = exitCodes.usage;
}
