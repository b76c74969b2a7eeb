import type { CommandModule } from "yargs";
import { pythonOption } from "./python-option.js";
import { UsageError } from "./usage-error.js";

interface WorkerPoolArguments {
  readonly host: string;
  readonly port: number;
  readonly python?: string | undefined;
  readonly boot?: string | undefined;
  readonly folder?: string | undefined;
}

/** `beam2spark worker-pool` */
export const workerPoolCommand: CommandModule<object, WorkerPoolArguments> = {
  command: "worker-pool",
  describe: "start SDK workers for whoever asks, by Beam's external worker pool protocol",
  builder: (yargs) =>
    yargs
      .usage(
        "beam2spark worker-pool [OPTIONS]\n\n" +
          "Each worker is a process of its own, started as its container would: Python's with --python, Go's from the\n" +
          "binary that the pipeline stages, any other with the boot program of its container. Stop it with Ctrl-C.",
      )
      .option("host", {
        type: "string",
        requiresArg: true,
        default: "127.0.0.1",
        describe: "host name or address to listen on",
      })
      .option("port", {
        type: "number",
        requiresArg: true,
        default: 50000,
        describe: "port to listen on; 0 is any that is free",
      })
      .option("python", pythonOption)
      .option("boot", {
        type: "string",
        requiresArg: true,
        describe: "boot program that starts every worker; in Beam's containers it is /opt/apache/beam/boot",
      })
      .option("folder", {
        type: "string",
        requiresArg: true,
        describe: "folder for the workers' files; by default a temporary one",
      }),
  handler: async ({ host, port, python, boot, folder }) => {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new UsageError("--port is a number from 0 to 65535");
    }
    const { serveWorkers } = await import("./serve-workers.js");
    process.exitCode = await serveWorkers({ host, port, python, boot, folder, environment: process.env });
  },
};
