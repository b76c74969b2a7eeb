import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
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

/**
 * Starts a project's Fn API host on this machine, with this Node.js. It ends with this process.
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
  const log = openSync(logFile, "a");
  const words = ["--listen", `unix:${join(socketFolder, "link")}`, "--owner", String(process.pid)];
  const child = spawn(process.execPath, [join(projectDirectory, hostProgram), ...words], {
    env: environment,
    stdio: ["ignore", "pipe", log],
    // Ctrl-C is for Spark first: the host has to answer until its tasks have ended.
    detached: process.platform !== "win32",
  });
  closeSync(log);
  const stop = (): void => {
    child.kill("SIGTERM");
  };
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (status, signal) => reject(new Error(`it ended with ${signal ?? `status ${status}`}`)));
    createInterface({ input: child.stdout! }).once("line", (line) => {
      resolve({ address: line.replace(/^listening on /, ""), stop });
    });
  });
}
