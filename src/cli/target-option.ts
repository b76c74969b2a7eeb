import type { Options } from "yargs";
import { targets } from "../compiler/4-physical/target.js";

/** `--target`, of every command that plans. */
export const targetOption = {
  choices: targets,
  default: "pyspark" as const,
  describe: "what to write: PySpark, or Scala, where functions run in workers of their SDK",
} satisfies Options;
