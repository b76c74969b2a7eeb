import { PipelineOptionType } from "../beam/protos/types/job.js";

interface DescribedOption {
  readonly name: string;
  readonly type: PipelineOptionType;
  readonly description: string;
}

/**
 * The runner's options that the Python SDK passes on; it drops those that a Job service doesn't describe.
 *
 * They are those of Beam's own Spark runners, so that the command lines that people have keep their meaning. Those
 * that the SDK knows itself (`spark_master_url`, `spark_version`, …) arrive anyway.
 */
export const describedOptions: readonly DescribedOption[] = [
  { name: "spark_master", type: PipelineOptionType.STRING, description: "master of the Spark cluster" },
  { name: "sparkMaster", type: PipelineOptionType.STRING, description: "master of the Spark cluster" },
  {
    name: "checkpointDir",
    type: PipelineOptionType.STRING,
    description: "where Spark keeps its checkpoints",
  },
  {
    name: "checkpoint_dir",
    type: PipelineOptionType.STRING,
    description: "where Spark keeps its checkpoints",
  },
  { name: "storageLevel", type: PipelineOptionType.STRING, description: "storage level of reused results" },
  { name: "storage_level", type: PipelineOptionType.STRING, description: "storage level of reused results" },
  { name: "cacheDisabled", type: PipelineOptionType.BOOLEAN, description: "recompute instead of storing" },
  { name: "cache_disabled", type: PipelineOptionType.BOOLEAN, description: "recompute instead of storing" },
  { name: "bundleSize", type: PipelineOptionType.INTEGER, description: "bytes per split of a source" },
  { name: "bundle_size", type: PipelineOptionType.INTEGER, description: "bytes per split of a source" },
  { name: "filesToStage", type: PipelineOptionType.ARRAY, description: "files that the workers need" },
  { name: "files_to_stage", type: PipelineOptionType.ARRAY, description: "files that the workers need" },
];
