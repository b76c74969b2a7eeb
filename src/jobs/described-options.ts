import { PipelineOptionType } from "../beam/protos/types/job.js";

interface DescribedOption {
  readonly name: string;
  readonly type: PipelineOptionType;
  readonly description: string;
}

/** The options of Beam's Spark runners, by their Java names, and what becomes of them here. */
const sparkRunnerOptions: readonly DescribedOption[] = [
  describe("sparkMaster", "STRING", "master of the Spark cluster, where the service leaves it open"),
  describe("checkpointDir", "STRING", "folder for results between steps that all workers can reach"),
  describe("storageLevel", "STRING", "without effect: what is stored, and how, is the plan's choice"),
  describe("cacheDisabled", "BOOLEAN", "without effect: what is stored, and how, is the plan's choice"),
  describe("bundleSize", "INTEGER", "without effect: sources are spread over all slots"),
  describe("filesToStage", "ARRAY", "files that the workers need"),
  describe("enableSparkMetricSinks", "BOOLEAN", "without effect: metrics are the job's"),
  describe("usesProvidedSparkContext", "BOOLEAN", "without effect: sessions are the service's"),
];

/**
 * The runner's options that the Python SDK passes on, in both spellings; it drops those that a Job service doesn't
 * describe.
 *
 * They are those of Beam's own Spark runners, so that the command lines that people have are taken. Those that the
 * SDK knows itself (`spark_master_url`, `spark_version`, …) arrive anyway.
 */
export const describedOptions: readonly DescribedOption[] = sparkRunnerOptions.flatMap((option) => [
  option,
  { ...option, name: option.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) },
]);

function describe(name: string, type: keyof typeof PipelineOptionType, description: string): DescribedOption {
  return { name, type: PipelineOptionType[type], description };
}
