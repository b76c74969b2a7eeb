import type { CommandModule } from "yargs";
import type { LaneChoice } from "../compiler/3-plan/support/lanes.js";
import type { Target } from "../compiler/4-physical/target.js";
import { laneOption } from "./lane-option.js";
import { pythonOption } from "./python-option.js";
import { declareSparkOptions, listSparkWords } from "./spark-words.js";
import { targetOption } from "./target-option.js";
import { UsageError } from "./usage-error.js";
import { workersOption } from "./workers-option.js";

interface ServeArguments {
  readonly "job-host": string;
  readonly "job-port": number;
  readonly "artifact-port": number;
  readonly "artifacts-dir"?: string | undefined;
  readonly target: Target;
  readonly lane: LaneChoice;
  readonly python?: string | undefined;
  readonly "python-path"?: readonly string[] | undefined;
  readonly "temp-location"?: string | undefined;
  readonly workers?: string | undefined;
}

/** `beam2spark serve` */
export const serveCommand: CommandModule<object, ServeArguments> = {
  command: "serve",
  describe: "take jobs from Beam programs, and run them on Spark sessions that stay",
  builder: (yargs) => {
    const declared = yargs
      .usage(
        "beam2spark serve [OPTIONS]\n\n" +
          "Any Beam program runs on it with --runner=PortableRunner --job_endpoint=localhost:8099. Stop it with Ctrl-C.",
      )
      .option("job-host", {
        type: "string",
        requiresArg: true,
        default: "localhost",
        describe: "host name or address to listen on",
      })
      .option("job-port", {
        type: "number",
        requiresArg: true,
        default: 8099,
        describe: "port for jobs; 0 is any that is free",
      })
      .option("artifact-port", {
        type: "number",
        requiresArg: true,
        default: 8098,
        describe: "port for the files of jobs; 0 is any that is free",
      })
      .option("artifacts-dir", {
        type: "string",
        requiresArg: true,
        describe: "folder for the files of jobs; by default a temporary one",
      })
      .option("target", targetOption)
      .option("lane", laneOption)
      .option("python", pythonOption)
      .option("python-path", {
        type: "string",
        array: true,
        nargs: 1,
        describe: "folder with modules that the programs' functions import; may be given again",
      })
      .option("temp-location", {
        type: "string",
        requiresArg: true,
        describe: "folder for results between steps, which all workers can reach",
      })
      .option("workers", workersOption);
    const spark = declareSparkOptions();
    return declared.options({
      ...spark,
      master: { ...spark.master, alias: "spark-master-url" },
    }) as typeof declared;
  },
  handler: async (argv) => {
    for (const name of ["job-port", "artifact-port"] as const) {
      const port = argv[name];
      if (!Number.isInteger(port) || port < 0 || port > 65_535) {
        throw new UsageError(`--${name} is a number from 0 to 65535`);
      }
    }
    const { serveJobs } = await import("./serve-jobs.js");
    process.exitCode = await serveJobs({
      listen: { host: argv["job-host"], jobPort: argv["job-port"], artifactPort: argv["artifact-port"] },
      artifactFolder: argv["artifacts-dir"],
      target: argv.target,
      lane: argv.lane,
      python: argv.python,
      tempLocation: argv["temp-location"],
      workers: argv.workers,
      moduleFolders: argv["python-path"] ?? [],
      sparkWords: listSparkWords(argv),
      environment: process.env,
    });
  },
};
