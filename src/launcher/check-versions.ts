import type { Collector } from "../diagnostics/collector.js";
import type { LaunchPlan } from "./launch-plan.js";
import type { PythonFacts } from "./probe-python.js";
import { readSparkVersion } from "./read-spark-version.js";

interface FilePlace {
  readonly path: string;
}

type PipelineVersions = Pick<LaunchPlan, "pipeline">;

/**
 * Reports what of a Python does not fit a PySpark job of a plan: missing packages, another Spark, another Beam or
 * Python than the pipeline's. In: the SPARK_HOME that the user has set, if any; then Spark and its pyspark come from
 * there.
 */
export function checkVersions(
  facts: PythonFacts,
  plan: PipelineVersions,
  place: FilePlace,
  givenSparkHome: string | undefined,
  collector: Collector,
): void {
  const { pyspark, pyarrow } = facts.packages;
  const spark = givenSparkHome === undefined ? pyspark : readSparkVersion(givenSparkHome);
  const sparkPlace = givenSparkHome === undefined ? place : { path: givenSparkHome };
  if (spark !== null) checkSpark(spark, sparkPlace, collector);
  else if (givenSparkHome !== undefined) collector.report("launch/spark-home-unusable", sparkPlace, {});
  else collector.report("launch/package-missing", place, { name: "pyspark", wanted: "pyspark>=4" });
  if (pyarrow === null) {
    collector.report("launch/package-missing", place, { name: "pyarrow", wanted: "pyarrow" });
  }
  checkSdk(facts, plan, place, collector);
}

/** Reports a Spark that is too old for our projects. */
export function checkSpark(version: string, place: FilePlace, collector: Collector): void {
  if (Number.parseInt(version, 10) < 4) collector.report("launch/spark-too-old", place, { found: version });
}

/** Reports what of a Python does not fit a pipeline's functions: a missing or another Beam, another Python. */
export function checkSdk(
  facts: PythonFacts,
  { pipeline: { sdkVersion, pythonVersion } }: PipelineVersions,
  place: FilePlace,
  collector: Collector,
): void {
  const beam = facts.packages["apache-beam"];
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
