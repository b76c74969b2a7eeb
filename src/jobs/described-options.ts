/** Numbers of `PipelineOptionType.Enum` in the Job API. */
const optionTypes = { string: 0, boolean: 1, integer: 2, array: 4 } as const;

interface DescribedOption {
  readonly name: string;
  readonly type: (typeof optionTypes)[keyof typeof optionTypes];
  readonly description: string;
}

/**
 * The runner's options that the Python SDK passes on; it drops those that a Job service doesn't describe.
 *
 * They are those of Beam's own Spark runners, so that the command lines that people have keep their meaning. Those
 * that the SDK knows itself (`spark_master_url`, `spark_version`, …) arrive anyway.
 */
export const describedOptions: readonly DescribedOption[] = [
  { name: "spark_master", type: optionTypes.string, description: "master of the Spark cluster" },
  { name: "sparkMaster", type: optionTypes.string, description: "master of the Spark cluster" },
  { name: "checkpointDir", type: optionTypes.string, description: "where Spark keeps its checkpoints" },
  { name: "checkpoint_dir", type: optionTypes.string, description: "where Spark keeps its checkpoints" },
  { name: "storageLevel", type: optionTypes.string, description: "storage level of reused results" },
  { name: "storage_level", type: optionTypes.string, description: "storage level of reused results" },
  { name: "cacheDisabled", type: optionTypes.boolean, description: "recompute instead of storing" },
  { name: "cache_disabled", type: optionTypes.boolean, description: "recompute instead of storing" },
  { name: "bundleSize", type: optionTypes.integer, description: "bytes per split of a source" },
  { name: "bundle_size", type: optionTypes.integer, description: "bytes per split of a source" },
  { name: "filesToStage", type: optionTypes.array, description: "files that the workers need" },
  { name: "files_to_stage", type: optionTypes.array, description: "files that the workers need" },
];
