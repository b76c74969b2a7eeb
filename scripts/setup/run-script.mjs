import { MissingTools } from "./missing-tools.mjs";

/** Runs a script's main function; what it returns is the exit status, and an error is one message, no trace. */
export async function runScript(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof MissingTools ? error.message : `error: ${error.message}`);
    process.exitCode = 1;
  }
}
