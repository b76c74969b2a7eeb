import type { Options } from "yargs";

/** `--lane`, of every command that plans. */
export const laneOption = {
  choices: ["auto", "in-process", "fn-api"] as const,
  default: "auto" as const,
  describe:
    "where functions run: as their environment asks, in Spark's Python workers, or in workers of their SDK over Beam's Fn API",
} satisfies Options;
