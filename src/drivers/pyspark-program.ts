import { copyFile, mkdir } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { diagnose } from "../diagnostics/diagnose.js";
import { mergeListOptions } from "../launcher/merge-list-options.js";
import { hasPackages, packArtifacts } from "../launcher/pack-artifacts.js";
import { isLocalMaster } from "../launcher/spark-settings.js";
import type { DriverProgram, ProgramRequest } from "./driver-context.js";
import { PreparationError } from "./preparation-error.js";

const driverModule = "beam2spark_runtime.warm_driver";
const packagesAlias = "beam2spark_packages";

/** What the runtime's package is in: a folder, and an archive for workers elsewhere. */
export interface PysparkRuntime {
  readonly folder: string;
  readonly archive: string;
}

/** Drivers in Python: the packages that their workers need are installed before they start. */
export function createPysparkProgram(python: string, runtime: PysparkRuntime): DriverProgram {
  return {
    modules: [runtime.folder],
    prepare: async (request) => {
      const archive = await packPackages(python, runtime, request);
      const words = listWords(runtime, request, archive);
      return {
        command: [python, "-m", driverModule],
        channel: "descriptor",
        environment: {
          ...request.environment,
          PYSPARK_SUBMIT_ARGS: words.map(quoteWord).join(" "),
          // Output that waits in a buffer is lost with the process.
          PYTHONUNBUFFERED: "1",
          // The workers' daemon writes its process id to a file in TMPDIR: it makes a process group of its own.
          BEAM2SPARK_RECORD_DAEMON: "1",
        },
      };
    },
  };
}

async function packPackages(
  python: string,
  runtime: PysparkRuntime,
  { configuration: { packages }, folder, environment, signal }: ProgramRequest,
): Promise<string | null> {
  const staged = join(folder, "staged");
  const archive = join(folder, `${packagesAlias}.zip`);
  const pythonPath = [runtime.folder, environment.PYTHONPATH].filter(Boolean).join(delimiter);
  try {
    for (const { name, path } of packages) {
      const target = join(staged, "artifacts", name);
      // One name may be a folder of another.
      await mkdir(dirname(target), { recursive: true });
      await copyFile(path, target);
    }
    if (!hasPackages(staged)) return null;
    const variables = { ...environment, PYTHONPATH: pythonPath };
    await packArtifacts(staged, python, archive, variables, signal);
  } catch (error) {
    signal.throwIfAborted();
    const reason = (error as Error).message;
    throw new PreparationError(diagnose("launch/packages-failed", {}, { reason }));
  }
  return `${archive}#${packagesAlias}`;
}

function listWords(
  runtime: PysparkRuntime,
  { configuration: { master }, context: { sparkWords, settings } }: ProgramRequest,
  archives: string | null,
): string[] {
  const isLocal = isLocalMaster(master);
  const words = [...sparkWords, "--master", master];
  if (isLocal && !settings.has("spark.python.daemon.module")) {
    words.unshift("--conf", "spark.python.daemon.module=beam2spark_runtime.worker_daemon");
  }
  const merged = mergeListOptions(words, { "py-files": isLocal ? null : runtime.archive, archives });
  return [...merged, "pyspark-shell"];
}

// pyspark takes the words apart as a shell does.
function quoteWord(word: string): string {
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}
