import { runHost } from "./run-host.js";
import { readHostWords } from "./words.js";

/**
 * The Fn API host as a program of its own, one file that travels with a project: says on standard output where Spark's
 * tasks reach it, and ends with its owner, by a signal, or when it had nothing to do for long.
 */
try {
  const host = await runHost(readHostWords(process.argv.slice(2)));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, host.close);
  process.stdout.write(`listening on ${host.address}\n`);
  await host.ended;
  process.exit(0);
} catch (error) {
  process.stderr.write(`the Fn API host can't start: ${(error as Error).message}\n`);
  process.exit(1);
}
