import { clientSdks } from "../jobs/client-dialect.js";

/** `--sdk`, for the commands that start a program. */
export const sdkOption = {
  choices: clientSdks,
  describe: "Beam SDK of the program; by default told by its executable",
} as const;
