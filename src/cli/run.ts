import type { CommandModule } from "yargs";
import type { LaneChoice } from "../compiler/3-plan/support/lanes.js";
import type { Target } from "../compiler/4-physical/target.js";
import type { ClientSdk } from "../jobs/client-dialect.js";
import { failOnFallbackOption } from "./fail-on-fallback-option.js";
import { laneOption } from "./lane-option.js";
import { pipelineArgument } from "./pipeline-argument.js";
import { pythonOption } from "./python-option.js";
import { sdkOption } from "./sdk-option.js";
import { declareSparkOptions, listSparkWords } from "./spark-words.js";
import { targetOption } from "./target-option.js";
import { UsageError } from "./usage-error.js";
import { workersOption } from "./workers-option.js";

interface RunArguments {
  readonly pipeline?: string | undefined;
  readonly output?: string | undefined;
  readonly force: boolean;
  readonly python?: string | undefined;
  readonly sdk?: ClientSdk | undefined;
  readonly "fail-on-fallback": boolean;
  readonly target: Target;
  readonly lane: LaneChoice;
  readonly "temp-location"?: string | undefined;
  readonly workers?: string | undefined;
}

/** `beam2spark run PIPELINE` and `beam2spark run -- python prog.py args…`; `command` is what comes after `--`. */
export const createRunCommand = (command: readonly string[] | null): CommandModule<object, RunArguments> => ({
  command: "run [pipeline]",
  describe: "compile a pipeline, or a program's, and run it with spark-submit",
  builder: (yargs) => {
    const declared = yargs
      .usage(
        "beam2spark run [OPTIONS] PIPELINE\nbeam2spark run [OPTIONS] -- PROGRAM ARGUMENTS…\n\n" +
          "Shows a line per step of the plan and the pipeline's metrics, and ends with the job's exit status.",
      )
      .positional("pipeline", pipelineArgument)
      .option("output", {
        alias: "o",
        type: "string",
        requiresArg: true,
        describe: "keep the project in this folder",
      })
      .option("force", {
        type: "boolean",
        default: false,
        describe: "replace a folder that holds something else",
      })
      .option("python", pythonOption)
      .option("sdk", sdkOption)
      .option("target", targetOption)
      .option("lane", laneOption)
      .option("fail-on-fallback", failOnFallbackOption)
      .option("temp-location", {
        type: "string",
        requiresArg: true,
        describe: "folder for results between steps, which all workers can reach",
      })
      .option("workers", workersOption)
      .example("$0 run --master 'local[4]' -- python -m apache_beam.examples.wordcount --output out", "");
    return declared.options(declareSparkOptions()) as typeof declared;
  },
  handler: async (argv) => {
    if ((argv.pipeline === undefined) === (command === null)) {
      throw new UsageError("give either a PIPELINE, or a program after --");
    }
    const { runPipeline } = await import("./run-pipeline.js");
    process.exitCode = await runPipeline({
      pipeline: argv.pipeline ?? null,
      command,
      output: argv.output,
      force: argv.force,
      python: argv.python,
      sdk: argv.sdk,
      failOnFallback: argv["fail-on-fallback"],
      target: argv.target,
      lane: argv.lane,
      tempLocation: argv["temp-location"],
      workers: argv.workers,
      sparkSubmitArguments: listSparkWords(argv),
    });
  },
});
