import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { LaunchEnvironment } from "./launch-environment.js";

/**
 * The environment variables of a process that starts Spark: whose Java, Spark and Python, and where modules are.
 *
 * In: our own environment, what was found on this machine, whether all of Spark runs here, and the folders and
 * archives that workers on this machine import from.
 */
export function sparkEnvironment(
  environment: NodeJS.ProcessEnv,
  { python, javaHome, sparkHome }: Omit<LaunchEnvironment, "sparkVersion">,
  isLocal: boolean,
  modules: readonly string[],
): NodeJS.ProcessEnv {
  const pythonPath = [...modules, environment.PYTHONPATH].filter(Boolean).join(delimiter);
  return {
    ...environment,
    JAVA_HOME: javaHome,
    SPARK_HOME: sparkHome,
    ...(python === null ? {} : { PYSPARK_PYTHON: python, PYSPARK_DRIVER_PYTHON: python }),
    // Without it Spark's user interface listens on every address of the machine.
    ...(isLocal ? { SPARK_LOCAL_IP: environment.SPARK_LOCAL_IP ?? "127.0.0.1" } : {}),
    ...(pythonPath === "" ? {} : { PYTHONPATH: pythonPath }),
  };
}

/** Where an installation of Spark keeps its Python modules, which spark-submit finds for itself. */
export function listSparkModules(sparkHome: string): string[] {
  const folder = join(sparkHome, "python");
  const library = join(folder, "lib");
  if (!existsSync(library)) return [];
  const archives = readdirSync(library).filter((name) => /^py4j-.*\.zip$/.test(name));
  return [folder, ...archives.map((name) => join(library, name))];
}
