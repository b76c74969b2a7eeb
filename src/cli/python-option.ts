import type { Options } from "yargs";

/** `--python`, of every command that starts one. */
export const pythonOption = {
  type: "string",
  requiresArg: true,
  describe: "Python to use; by default the active virtual environment's, else that of ./.venv",
} as const satisfies Options;
