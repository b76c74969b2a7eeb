import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";

const startMilliseconds = 300_000;
const stopMilliseconds = 20_000;

/**
 * Starts a Job service that says where it listens (`--job_endpoint=HOST:PORT`) once it takes jobs.
 *
 * In: the command, its environment, a file for all that it writes. Out: its endpoint; `stop`, which ends it as
 * Ctrl-C does and waits. Errors: an Error that names the log, if it ends or says nothing in two minutes.
 */
export async function startService({ command, environment, folder, logFile }) {
  const log = createWriteStream(logFile);
  const child = spawn(command[0], command.slice(1), {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise((resolve) => {
    child.on("close", resolve);
    child.on("error", resolve);
  });
  const stop = async () => {
    child.kill("SIGINT");
    const timer = setTimeout(() => child.kill("SIGKILL"), stopMilliseconds);
    await ended;
    clearTimeout(timer);
  };
  let timer;
  const endpoint = await new Promise((resolve) => {
    let seen = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        log.write(chunk);
        if (seen === null) return;
        seen += chunk;
        const said = /--job_endpoint=(\S+:\d+)/.exec(seen)?.[1];
        if (said !== undefined) {
          seen = null;
          resolve(said);
        }
      });
    }
    ended.then(() => resolve(null));
    timer = setTimeout(() => resolve(null), startMilliseconds);
  });
  clearTimeout(timer);
  if (endpoint === null) {
    await stop();
    throw new Error(`the Job service did not start; ${logFile} has what it said`);
  }
  return { endpoint, stop };
}
