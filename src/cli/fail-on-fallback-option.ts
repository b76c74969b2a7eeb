import type { Options } from "yargs";

/** `--fail-on-fallback`, of every command that plans. */
export const failOnFallbackOption = {
  type: "boolean",
  default: false,
  describe: "refuse a pipeline of which a step does not run as Spark operators alone",
} as const satisfies Options;
