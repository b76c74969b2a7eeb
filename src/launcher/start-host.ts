import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { makeHostPlace } from "./host-place.js";

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

/** What a project's host is started with. */
export interface HostRequest {
  readonly projectDirectory: string;
  /** A folder of ours for its socket. */
  readonly folder: string;
  /** The file that its log goes to. */
  readonly logFile: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where it listens for workers, `HOST:PORT`; without it on the loopback interface. */
  readonly bind?: string | undefined;
  /** The name under which workers on other machines reach it. */
  readonly advertise?: string | undefined;
}

/**
 * Starts a project's Fn API host on this machine, with this Node.js. It ends with this process; where it ends before,
 * another one takes its place, at the same address. Errors: an Error when it ends before it listens.
 */
export async function startProjectHost(request: HostRequest): Promise<StartedHost> {
  const place = makeHostPlace(request.folder);
  let listen = place.address;
  const start = (): ChildProcess => {
    const log = openSync(request.logFile, "a");
    const words = [join(request.projectDirectory, hostProgram), ...listWords(request, listen)];
    const child = spawn(process.execPath, words, {
      env: request.environment,
      stdio: ["ignore", "pipe", log],
      // Ctrl-C is for Spark first: the host has to answer until its tasks have ended.
      detached: process.platform !== "win32",
    });
    closeSync(log);
    return child;
  };
  let child = start();
  try {
    // Where any port was asked for, it is the one that the next host gets, too.
    listen = await waitForAddress(child);
  } catch (error) {
    place.remove();
    throw error;
  }
  let isStopped = false;
  let replacements = 0;
  const replaceWhenEnded = (): void => {
    child.once("exit", () => {
      if (isStopped || replacements++ === mostReplacements) return;
      place.clear();
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
    place.remove();
  };
  return { address: listen, stop };
}

function listWords({ bind, advertise }: HostRequest, listen: string): string[] {
  return [
    ...["--listen", listen, "--owner", String(process.pid)],
    ...(bind === undefined ? [] : ["--bind", bind]),
    ...(advertise === undefined ? [] : ["--advertise", advertise]),
  ];
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
