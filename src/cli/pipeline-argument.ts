import type { PositionalOptions } from "yargs";

/** PIPELINE, of every command that reads one. */
export const pipelineArgument = {
  type: "string",
  describe: "a .pb, proto JSON, or a jar or folder with BEAM-PIPELINE/",
} as const satisfies PositionalOptions;
