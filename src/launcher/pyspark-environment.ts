import type { Collector } from "../diagnostics/collector.js";
import { choosePython } from "../machine/choose-python.js";
import { checkVersions } from "./check-versions.js";
import type { EnvironmentRequest, LaunchEnvironment } from "./launch-environment.js";
import type { LaunchPlan } from "./launch-plan.js";
import { type PythonFacts, probePython } from "./probe-python.js";
import { readSparkVersion } from "./read-spark-version.js";

/** Spark and Python for a PySpark job; null after an error was reported. */
export async function findPysparkEnvironment(
  plan: LaunchPlan,
  { python: asked, environment, folders }: EnvironmentRequest,
  collector: Collector,
): Promise<Omit<LaunchEnvironment, "javaHome"> | null> {
  const chosen = choosePython({ asked, environment, projectFolders: folders });
  if (!chosen.ok) {
    collector.report("launch/python-missing", {}, { looked: chosen.looked });
    return null;
  }
  const place = { path: chosen.python };
  let facts: PythonFacts;
  try {
    facts = await probePython(chosen.python, environment);
  } catch (error) {
    collector.report("launch/python-unusable", place, { reason: (error as Error).message });
    return null;
  }
  const givenSparkHome = environment.SPARK_HOME || undefined;
  checkVersions(facts, plan, place, givenSparkHome, collector);
  const sparkHome = givenSparkHome ?? facts.sparkHome;
  if (sparkHome === null) return null;
  const sparkVersion = readSparkVersion(sparkHome) ?? facts.packages.pyspark ?? "";
  return { python: chosen.python, sparkHome, sparkVersion };
}
