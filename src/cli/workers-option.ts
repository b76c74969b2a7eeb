import type { Options } from "yargs";

/** `--workers`, of every command that runs jobs. */
export const workersOption = {
  type: "string",
  requiresArg: true,
  describe:
    "how workers of SDKs start: auto (as their environment says), process (here, without a container), docker, or the HOST:PORT of a worker pool",
} as const satisfies Options;
