import type { Collector } from "../diagnostics/collector.js";
import type { LaunchPlan } from "./launch-plan.js";
import type { PythonFacts } from "./probe-python.js";
import { readSparkVersion } from "./read-spark-version.js";

/**
 * Reports what of a Python does not fit a plan: missing packages, another Spark, another Beam or Python than the
 * pipeline's. In: the SPARK_HOME that the user has set, if any; then Spark and its pyspark come from there.
 */
export function checkVersions(
  facts: PythonFacts,
  plan: LaunchPlan,
  place: { readonly path: string },
  givenSparkHome: string | undefined,
  collector: Collector,
): void {
  const { sdkVersion, pythonVersion } = plan.pipeline;
  const { pyspark, pyarrow, "apache-beam": beam } = facts.packages;
  const spark = givenSparkHome === undefined ? pyspark : readSparkVersion(givenSparkHome);
  const sparkPlace = givenSparkHome === undefined ? place : { path: givenSparkHome };
  if (spark !== null) {
    if (Number.parseInt(spark, 10) < 4)
      collector.report("launch/spark-too-old", sparkPlace, { found: spark });
  } else if (givenSparkHome !== undefined) collector.report("launch/spark-home-unusable", sparkPlace, {});
  else collector.report("launch/package-missing", place, { name: "pyspark", wanted: "pyspark>=4" });
  if (pyarrow === null) {
    collector.report("launch/package-missing", place, { name: "pyarrow", wanted: "pyarrow" });
  }
  if (beam === null) {
    const wanted = sdkVersion === null ? "apache-beam" : `apache-beam==${sdkVersion}`;
    collector.report("launch/package-missing", place, { name: "apache_beam", wanted });
  } else if (sdkVersion !== null && beam !== sdkVersion) {
    collector.report("launch/beam-version-differs", place, { found: beam, wanted: sdkVersion });
  }
  if (pythonVersion !== null && !isSameMinor(facts.python, pythonVersion)) {
    collector.report("launch/python-version-differs", place, { found: facts.python, wanted: pythonVersion });
  }
}

function isSameMinor(left: string, right: string): boolean {
  return left.split(".").slice(0, 2).join(".") === right.split(".").slice(0, 2).join(".");
}
