import type { CommandModule } from "yargs";
import type { LaneChoice } from "../compiler/3-plan/support/lanes.js";
import type { Target } from "../compiler/4-physical/target.js";
import { exitCodes } from "./exit-codes.js";
import { failOnFallbackOption } from "./fail-on-fallback-option.js";
import { laneOption } from "./lane-option.js";
import { pipelineArgument } from "./pipeline-argument.js";
import { targetOption } from "./target-option.js";

interface CompileArguments {
  readonly pipeline: string;
  readonly output: string;
  readonly target: Target;
  readonly "fail-on-fallback": boolean;
  readonly lane: LaneChoice;
  readonly "bundle-node": boolean;
  readonly force: boolean;
}

/** `beam2spark compile PIPELINE -o DIR` */
export const compileCommand: CommandModule<object, CompileArguments> = {
  command: "compile <pipeline>",
  describe: "write a Spark project for a pipeline",
  builder: (yargs) =>
    yargs
      .usage(
        "beam2spark compile PIPELINE -o DIR\n\n" +
          "Writes a PySpark or Scala project that runs with spark-submit: job.py or Job.scala with a block per step,\n" +
          "PLAN.txt with the reason of each, the runtime and a launcher. A pipeline that can't be translated whole is\n" +
          "refused, with everything that is in the way, before anything is written.",
      )
      .positional("pipeline", { ...pipelineArgument, demandOption: true })
      .option("output", {
        alias: "o",
        type: "string",
        requiresArg: true,
        demandOption: true,
        describe: "folder of the project; an older project there is replaced",
      })
      .option("target", targetOption)
      .option("lane", laneOption)
      .option("fail-on-fallback", failOnFallbackOption)
      .option("bundle-node", {
        type: "boolean",
        default: false,
        describe:
          "put this machine's Node.js into the project, for executors that have none and functions that run in workers",
      })
      .option("force", {
        type: "boolean",
        default: false,
        describe: "replace a folder that holds something else",
      }),
  handler: async (argv) => {
    const { compileToFolder } = await import("./compile-to-folder.js");
    const { reportDiagnostics } = await import("./report.js");
    const result = await compileToFolder({
      pipeline: argv.pipeline,
      folder: argv.output,
      target: argv.target,
      failOnFallback: argv["fail-on-fallback"],
      lane: argv.lane,
      bundleNode: argv["bundle-node"],
      force: argv.force,
    });
    reportDiagnostics(result.ok ? result.warnings : result.diagnostics);
    if (!result.ok) {
      process.exitCode = exitCodes.diagnostics;
      return;
    }
    const { project } = result.value;
    const { nodes } = project.physicalPlan;
    const native = nodes.filter((node) => node.lane === "native").length;
    process.stdout.write(
      `compiled ${argv.pipeline} to ${argv.output}: ${project.files.length} files, ${nodes.length} steps, ${native} native\n`,
    );
  },
};
