import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { formatDiagnostics } from "../diagnostics/format.js";
import { readLaunchArguments } from "./launch-arguments.js";
import { launchProject } from "./launch-project.js";
import { sparkOptions } from "./spark-options.js";

const usageStatus = 2;

/**
 * The whole of an emitted project's launcher: reads its command line, and launches the project that it lies in.
 *
 * In: the launcher's `import.meta.url`, and the words after its name. Out: the exit status, 2 for a command line
 * that can't be read.
 */
export async function launchFromCommandLine(launcherUrl: string, words: readonly string[]): Promise<number> {
  const projectDirectory = dirname(fileURLToPath(launcherUrl));
  const read = readLaunchArguments(words);
  if (!read.ok) {
    process.stderr.write(formatDiagnostics(read.diagnostics));
    return usageStatus;
  }
  const { python, tempLocation, host, workers, spark, job, help } = read.value;
  if (help) {
    process.stdout.write(formatHelp());
    return 0;
  }
  return launchProject({
    projectDirectory,
    python,
    tempLocation,
    host,
    workers,
    sparkSubmitArguments: spark,
    jobArguments: job,
    environmentFolders: [projectDirectory],
  });
}

function formatHelp(): string {
  const options = [
    { name: "python", describe: "Python of driver and workers; by default the active virtual environment's" },
    { name: "temp-location", describe: "folder for results between steps, which all workers can reach" },
    { name: "host", describe: "where a Fn API host listens already (unix:PATH or HOST:PORT)" },
    { name: "workers", describe: "how workers of SDKs start: auto, process, docker, or a pool's HOST:PORT" },
    ...sparkOptions,
  ];
  const lines = options.map(({ name, describe }) => `  --${name.padEnd(22)} ${describe}`);
  return `Runs this project with spark-submit.\n\nOptions, each with a value:\n${lines.join("\n")}\n\nWords after -- go to the job.\n`;
}
