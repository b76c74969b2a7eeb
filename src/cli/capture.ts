import type { CommandModule } from "yargs";
import type { ClientSdk } from "../jobs/client-dialect.js";
import { exitCodeOfSignal } from "../machine/exit-code-of-signal.js";
import { exitCodes } from "./exit-codes.js";
import { pythonOption } from "./python-option.js";
import { sdkOption } from "./sdk-option.js";
import { UsageError } from "./usage-error.js";

interface CaptureArguments {
  readonly output: string;
  readonly python?: string | undefined;
  readonly sdk?: ClientSdk | undefined;
}

/** `beam2spark capture -o FILE -- python prog.py args…`; `command` is what comes after `--`. */
export const createCaptureCommand = (
  command: readonly string[] | null,
): CommandModule<object, CaptureArguments> => ({
  command: "capture",
  describe: "take the pipeline of an unchanged Beam program, without running it",
  builder: (yargs) =>
    yargs
      .usage(
        "beam2spark capture -o FILE -- PROGRAM ARGUMENTS…\n\n" +
          "Starts the program (Python, Go or Java) with its SDK's options for a Job service that takes what it\n" +
          "submits and runs nothing. Writes FILE (the pipeline as it was sent), and beside it the pipeline options\n" +
          "(.options.json) and the files that its environments need (.artifacts/).",
      )
      .option("output", {
        alias: "o",
        type: "string",
        requiresArg: true,
        demandOption: true,
        describe: "file for the pipeline, such as wordcount.pb",
      })
      .option("python", pythonOption)
      .option("sdk", sdkOption)
      .example("$0 capture -o wc.pb -- python -m apache_beam.examples.wordcount --output out", ""),
  handler: async (argv) => {
    if (command === null) throw new UsageError("give the program after --");
    const { captureProgram } = await import("../jobs/capture.js");
    const { resolveCommand } = await import("../jobs/resolve-command.js");
    const { reportDiagnostics } = await import("./report.js");
    const { detectSdk } = await import("../jobs/client-dialect.js");
    const program = resolveCommand(command, argv.python);
    const result = program.ok
      ? await captureProgram({
          program: program.value,
          sdk: argv.sdk ?? detectSdk(program.value),
          output: argv.output,
          environment: process.env,
        })
      : program;
    if (!result.ok) {
      reportDiagnostics(result.diagnostics);
      process.exitCode = exitCodes.diagnostics;
      return;
    }
    reportDiagnostics(result.warnings);
    for (const files of result.value.pipelines) process.stderr.write(`captured ${files.pipeline}\n`);
    const { interruptedBy } = result.value;
    process.exitCode = interruptedBy === null ? exitCodes.ok : exitCodeOfSignal(interruptedBy);
  },
});
