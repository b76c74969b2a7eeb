import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { makeHostPlace } from "./host-place.js";
import type { HostPlan } from "./plan-hosts.js";

/** Fn API hosts that were started. */
export interface StartedHosts {
  /** Where Spark's tasks reach them, as `spark.beam2spark.host` has it: with commas between. */
  readonly address: string;
  stop(): void;
}

/** The program of a project's host. */
export const hostProgram = join("beam2spark_host", "index.mjs");

/** So often another host takes the place of one that has ended: Spark tries the tasks of that again. */
const mostReplacements = 8;

/** What a project's hosts are started with. */
export interface HostRequest {
  readonly projectDirectory: string;
  /** A folder of ours for their sockets. */
  readonly folder: string;
  /** The file that their log goes to. */
  readonly logFile: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly plan: HostPlan;
}

/**
 * Starts a project's Fn API hosts on this machine, with this Node.js. They end with this process; where one ends before,
 * another one takes its place, at the same address. Errors: an Error when one ends before it listens.
 */
export async function startProjectHosts(request: HostRequest): Promise<StartedHosts> {
  const numbers = Array.from({ length: request.plan.count }, (_, number) => number);
  const started = await Promise.allSettled(numbers.map((number) => startProjectHost(request, number)));
  const hosts = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const stop = (): void => {
    for (const host of hosts) host.stop();
  };
  const failed = started.find((one) => one.status === "rejected");
  if (failed !== undefined) {
    stop();
    throw failed.reason;
  }
  return { address: hosts.map(({ address }) => address).join(","), stop };
}

async function startProjectHost(request: HostRequest, number: number): Promise<StartedHosts> {
  const place = makeHostPlace(request.folder, number);
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

function listWords({ plan: { bind, advertise } }: HostRequest, listen: string): string[] {
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
