import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { Collector } from "../diagnostics/collector.js";
import { choosePython } from "../machine/choose-python.js";
import { checkSdk, checkSpark } from "./check-versions.js";
import type { EnvironmentRequest, LaunchEnvironment } from "./launch-environment.js";
import type { LaunchPlan } from "./launch-plan.js";
import { needsPython } from "./needs-python.js";
import { type PythonFacts, probePython } from "./probe-python.js";
import { readSparkVersion } from "./read-spark-version.js";

/**
 * Spark for a Scala job: that of SPARK_HOME, else of a Python that has pyspark, else of the PATH; and the Python for the
 * workers of a Python pipeline that start on this machine. A job without such workers needs none.
 *
 * Out: null after an error was reported.
 */
export async function findScalaEnvironment(
  plan: LaunchPlan,
  { python: asked, workers, environment, folders }: EnvironmentRequest,
  collector: Collector,
): Promise<Omit<LaunchEnvironment, "javaHome"> | null> {
  const chosen = choosePython({ asked, environment, projectFolders: folders });
  const isNeeded = needsPython(plan, workers);
  const givenSparkHome = environment.SPARK_HOME || undefined;
  let python: string | null = null;
  let facts: PythonFacts | null = null;
  if (chosen.ok) {
    try {
      facts = await probePython(chosen.python, environment);
      python = chosen.python;
    } catch (error) {
      const isWanted = isNeeded || asked !== undefined;
      const reason = (error as Error).message;
      if (isWanted) collector.report("launch/python-unusable", { path: chosen.python }, { reason });
    }
    if (facts !== null && isNeeded) checkSdk(facts, plan, { path: chosen.python }, collector);
  } else if (isNeeded) collector.report("launch/python-missing", {}, { looked: chosen.looked });
  const sparkHome = givenSparkHome ?? facts?.sparkHome ?? findSparkOnPath(environment);
  if (sparkHome === null) {
    collector.report("launch/spark-missing", {}, {});
    return null;
  }
  const sparkVersion = readSparkVersion(sparkHome);
  if (sparkVersion === null) {
    collector.report("launch/spark-home-unusable", { path: sparkHome }, {});
    return null;
  }
  checkSpark(sparkVersion, { path: sparkHome }, collector);
  return { python, sparkHome, sparkVersion };
}

/** The installation whose `spark-submit` the PATH has. */
function findSparkOnPath({ PATH = "" }: NodeJS.ProcessEnv): string | null {
  for (const folder of PATH.split(delimiter)) {
    const program = join(folder, "spark-submit");
    if (folder === "" || !existsSync(program)) continue;
    const home = dirname(dirname(realpathSync(program)));
    if (readSparkVersion(home) !== null) return home;
  }
  return null;
}
