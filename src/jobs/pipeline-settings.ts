/** What the Python SDK sends as Spark's master where its user has named none (its SparkRunnerOptions). */
const unsetMaster = "local[4]";

type Options = Readonly<Record<string, unknown>>;

/** The master that a pipeline's options ask for, in any of the spellings of Beam's Spark runners. */
export function readMaster(options: Options): string | null {
  const master = readText(options, ["spark_master_url", "spark_master", "sparkMaster"]);
  return master === unsetMaster ? null : master;
}

/** The folder that a pipeline's options name for what is kept between steps. */
export function readCheckpointFolder(options: Options): string | null {
  return readText(options, ["checkpoint_dir", "checkpointDir"]);
}

/** The name that a pipeline's options give the job. */
export function readJobName(options: Options): string | null {
  return readText(options, ["job_name", "jobName"]);
}

/** The version of the SDK whose encodings a pipeline's options ask for, those that Beam's Python keeps compatible. */
export function readCompatibility(options: Options): string | null {
  return readText(options, ["update_compatibility_version"]);
}

function readText(options: Options, names: readonly string[]): string | null {
  for (const name of names) {
    const value = options[`beam:option:${name}:v1`];
    if (typeof value === "string" && value !== "") return value;
  }
  return null;
}
