import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import type { LaunchEnvironment } from "../launcher/launch-environment.js";
import { mergeListOptions } from "../launcher/merge-list-options.js";
import { hasPackages, packArtifacts } from "../launcher/pack-artifacts.js";
import { listSparkModules, sparkEnvironment } from "../launcher/spark-environment.js";
import { isLocalMaster } from "../launcher/spark-settings.js";
import type { Driver, DriverEndedError } from "./driver.js";
import { claimOf, type DriverConfiguration, keyOf } from "./driver-configuration.js";
import type { WantedDriver } from "./driver-pool.js";
import { startDriver } from "./start-driver.js";

/** What all drivers of a service have in common. */
export interface DriverContext {
  readonly launch: LaunchEnvironment & { readonly python: string };
  readonly environment: NodeJS.ProcessEnv;
  /** What is set of Spark, lowest first, as `--conf KEY=VALUE` and other options of `spark-submit`. */
  readonly sparkWords: readonly string[];
  /** The names of all settings in it. */
  readonly settings: ReadonlySet<string>;
  /** The folder with the runtime's package, and the package as an archive for workers elsewhere. */
  readonly runtime: { readonly folder: string; readonly archive: string };
  /** Folders whose modules the user's functions import, for workers on this machine. */
  readonly moduleFolders: readonly string[];
  /** Where each driver gets a folder. */
  readonly folder: string;
  /** Hears of drivers that end although nobody asked them to. */
  readonly onLost: (error: DriverEndedError) => void;
}

/** The driver that a configuration wants of the pool. */
export function wantDriver(configuration: DriverConfiguration, context: DriverContext): WantedDriver {
  return {
    key: keyOf(configuration),
    claim: claimOf(configuration, context.settings),
    start: (signal) => launchDriver(configuration, context, signal),
  };
}

/** Packages for the workers could not be installed. */
export class PackagesError extends Error {
  override readonly name = "PackagesError";
}

const driverModule = "beam2spark_runtime.warm_driver";
const packagesAlias = "beam2spark_packages";

/**
 * Starts a driver of a configuration: installs the packages that its workers need, then the process. What it and
 * Spark write meanwhile goes to a folder of its own, which goes with it.
 *
 * Errors: a PackagesError, or the DriverEndedError of a driver that does not start; the signal's reason where it is
 * aborted before the process is there.
 */
async function launchDriver(
  configuration: DriverConfiguration,
  context: DriverContext,
  signal: AbortSignal,
): Promise<Driver> {
  signal.throwIfAborted();
  const folder = await mkdtemp(join(context.folder, "driver-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    const temporary = join(folder, "temporary");
    await mkdir(temporary);
    const environment = listEnvironment(configuration, context, temporary);
    const archive = await packPackages(configuration, context, folder, environment, signal);
    const words = listWords(configuration, context, archive);
    const driver = await startDriver(
      {
        command: [context.launch.python, "-m", driverModule],
        environment: { ...environment, PYSPARK_SUBMIT_ARGS: words.map(quoteWord).join(" ") },
        folder,
        onLost: context.onLost,
      },
      signal,
    );
    const ended = driver.ended.then(remove);
    return {
      ...driver,
      ended,
      stop: async () => {
        await driver.stop();
        await ended;
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

function listEnvironment(
  { master }: DriverConfiguration,
  { launch, environment, settings, runtime, moduleFolders }: DriverContext,
  temporary: string,
): NodeJS.ProcessEnv {
  const isLocal = isLocalMaster(master);
  const modules = [
    ...(isLocal ? moduleFolders : []),
    runtime.folder,
    ...(environment.SPARK_HOME ? listSparkModules(launch.sparkHome) : []),
  ];
  const isOpen = !settings.has("spark.local.dir") && !environment.SPARK_LOCAL_DIRS;
  return {
    ...sparkEnvironment(environment, launch, isLocal, modules),
    TMPDIR: temporary,
    ...(isOpen ? { SPARK_LOCAL_DIRS: temporary } : {}),
    // Java has no other way to be told where its temporary files go that leaves the user's options alone.
    JDK_JAVA_OPTIONS: [environment.JDK_JAVA_OPTIONS, `"-Djava.io.tmpdir=${temporary}"`]
      .filter(Boolean)
      .join(" "),
    // Output that waits in a buffer is lost with the process.
    PYTHONUNBUFFERED: "1",
    // The workers' daemon writes its process id to a file in TMPDIR: it makes a process group of its own.
    BEAM2SPARK_RECORD_DAEMON: "1",
  };
}

async function packPackages(
  { packages }: DriverConfiguration,
  { launch, runtime }: DriverContext,
  folder: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
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
    await packArtifacts(staged, launch.python, archive, variables, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new PackagesError((error as Error).message);
  }
  return `${archive}#${packagesAlias}`;
}

function listWords(
  { master }: DriverConfiguration,
  { sparkWords, settings, runtime }: DriverContext,
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
