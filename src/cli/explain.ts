import type { CommandModule } from "yargs";
import type { LaneChoice } from "../compiler/3-plan/support/lanes.js";
import type { Target } from "../compiler/4-physical/target.js";
import { exitCodes } from "./exit-codes.js";
import { failOnFallbackOption } from "./fail-on-fallback-option.js";
import { laneOption } from "./lane-option.js";
import { pipelineArgument } from "./pipeline-argument.js";
import { targetOption } from "./target-option.js";

interface ExplainArguments {
  readonly pipeline: string;
  readonly format: Format;
  readonly target: Target;
  readonly "fail-on-fallback": boolean;
  readonly lane: LaneChoice;
}

const formats = ["text", "json", "mermaid"] as const;
type Format = (typeof formats)[number];

/** `beam2spark explain PIPELINE` */
export const explainCommand: CommandModule<object, ExplainArguments> = {
  command: "explain <pipeline>",
  describe: "show how each step of a pipeline will run, and why",
  builder: (yargs) =>
    yargs
      .usage("beam2spark explain PIPELINE\n\nShows the plan and writes nothing.")
      .positional("pipeline", { ...pipelineArgument, demandOption: true })
      .option("format", {
        choices: formats,
        default: "text" as const,
        describe: "text for people, JSON for programs, Mermaid for a picture",
      })
      .option("target", targetOption)
      .option("lane", laneOption)
      .option("fail-on-fallback", failOnFallbackOption),
  handler: async (argv) => {
    const { explainPipeline } = await import("./explain-pipeline.js");
    const { reportDiagnostics } = await import("./report.js");
    const result = await explainPipeline(argv.pipeline, argv.format, {
      target: argv.target,
      failOnFallback: argv["fail-on-fallback"],
      lane: argv.lane,
    });
    reportDiagnostics(result.ok ? result.warnings : result.diagnostics);
    if (result.ok) process.stdout.write(result.value);
    else process.exitCode = exitCodes.diagnostics;
  },
};
