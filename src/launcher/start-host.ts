import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A Fn API host that was started. */
export interface StartedHost {
  /** Where Spark's tasks reach it, as `spark.beam2spark.host` has it. */
  readonly address: string;
  stop(): void;
}

/** The program of a project's host. */
export const hostProgram = join("beam2spark_host", "index.mjs");

/** So often another host takes the place of one that has ended: Spark tries the tasks of that again. */
const mostReplacements = 8;

/**
 * Starts a project's Fn API host on this machine, with this Node.js. It ends with this process; where it ends before,
 * another one takes its place.
 *
 * In: the project, a folder of ours for its socket, the file that its log goes to. Errors: an Error when it ends before
 * it listens.
 */
export async function startProjectHost(
  projectDirectory: string,
  folder: string,
  logFile: string,
  environment: NodeJS.ProcessEnv,
): Promise<StartedHost> {
  const socketFolder = join(folder, "host");
  mkdirSync(socketFolder, { mode: 0o700 });
  const socket = join(socketFolder, "link");
  const words = ["--listen", `unix:${socket}`, "--owner", String(process.pid)];
  const start = (): ChildProcess => {
    const log = openSync(logFile, "a");
    const child = spawn(process.execPath, [join(projectDirectory, hostProgram), ...words], {
      env: environment,
      stdio: ["ignore", "pipe", log],
      // Ctrl-C is for Spark first: the host has to answer until its tasks have ended.
      detached: process.platform !== "win32",
    });
    closeSync(log);
    return child;
  };
  let child = start();
  const address = await waitForAddress(child);
  let isStopped = false;
  let replacements = 0;
  const replaceWhenEnded = (): void => {
    child.once("exit", () => {
      if (isStopped || replacements++ === mostReplacements) return;
      rmSync(socket, { force: true });
      child = start();
      // Without it, tasks say that no host answers.
      child.on("error", () => {});
      child.stdout!.resume();
      replaceWhenEnded();
    });
  };
  replaceWhenEnded();
  const stop = (): void => {
    isStopped = true;
    child.kill("SIGTERM");
  };
  return { address, stop };
}

function waitForAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (status, signal) => reject(new Error(`it ended with ${signal ?? `status ${status}`}`)));
    createInterface({ input: child.stdout! }).once("line", (line) => {
      resolve(line.replace(/^listening on /, ""));
    });
  });
}
