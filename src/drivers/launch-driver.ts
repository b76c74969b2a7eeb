import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { listSparkModules, sparkEnvironment } from "../launcher/spark-environment.js";
import { isLocalMaster } from "../launcher/spark-settings.js";
import type { Driver } from "./driver.js";
import { claimOf, type DriverConfiguration, keyOf } from "./driver-configuration.js";
import type { DriverContext } from "./driver-context.js";
import type { WantedDriver } from "./driver-pool.js";
import { startDriver } from "./start-driver.js";

/** The driver that a configuration wants of the pool. */
export function wantDriver(configuration: DriverConfiguration, context: DriverContext): WantedDriver {
  return {
    key: keyOf(configuration),
    claim: claimOf(configuration, context.settings),
    start: (signal) => launchDriver(configuration, context, signal),
  };
}

/**
 * Starts a driver of a configuration: prepares what its program needs, then starts the process. What it and Spark write
 * meanwhile goes to a folder of its own, which goes with it.
 *
 * Errors: a PreparationError, or the DriverEndedError of a driver that does not start; the signal's reason where it is
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
    const prepared = await context.program.prepare({ configuration, context, environment, folder, signal });
    const driver = await startDriver({ ...prepared, folder, onLost: context.onLost }, signal);
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
  { launch, environment, settings, program, moduleFolders }: DriverContext,
  temporary: string,
): NodeJS.ProcessEnv {
  const isLocal = isLocalMaster(master);
  const modules = [
    ...(isLocal ? moduleFolders : []),
    ...program.modules,
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
  };
}
