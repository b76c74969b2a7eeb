import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Duplex, Readable, Writable } from "node:stream";
import { readTroubles } from "../launcher/format-failure.js";
import { signalGroup, waitForGroup } from "../machine/process-group.js";
import { boundLog } from "./bound-log.js";
import { type Driver, DriverEndedError, type DriverJob } from "./driver.js";
import {
  type DriverCommand,
  type DriverEvent,
  type DriverJobEvent,
  type JobOutcome,
  parseDriverEvent,
} from "./driver-protocol.js";
import { readDaemonGroups } from "./read-daemon-groups.js";
import { readLines } from "./read-lines.js";

/** Most bytes of one event: the metrics of a whole job are one. */
const lineLimit = 64 * 2 ** 20;

/** How long things may take, in milliseconds. */
export const driverPatience = { start: 180_000, cancel: 10_000, stop: 8_000, kill: 5_000 } as const;

/**
 * The line to a driver: a socket that is its file descriptor 3, or, for a process that can't use one, its standard input
 * and output.
 */
export type DriverChannel = "descriptor" | "standard";

/** What a driver's process is started with. */
export interface DriverProcess {
  readonly command: readonly [string, ...string[]];
  readonly channel: DriverChannel;
  readonly environment: NodeJS.ProcessEnv;
  /** The folder for its log. */
  readonly folder: string;
  /** Hears of its end, unless it came before it was ready or was asked for. */
  readonly onLost?: (error: DriverEndedError) => void;
  readonly patience?: { readonly [K in keyof typeof driverPatience]: number };
}

interface RunningJob {
  readonly onEvent: (event: DriverJobEvent) => void;
  readonly resolve: (outcome: JobOutcome) => void;
  readonly reject: (error: Error) => void;
  timer?: NodeJS.Timeout;
}

/**
 * Starts a driver's process and waits until it takes jobs.
 *
 * It speaks JSON lines on its channel (driver-protocol.ts), whose end it takes as the order to end, and has a process
 * group of its own, because Java must go with it; so must the workers, whose daemon writes its process id to a file in
 * the driver's temporary folder. An aborted signal ends it. Errors: a DriverEndedError when it ends, or says nothing,
 * before it is ready; the signal's reason where it is aborted already.
 */
export async function startDriver(start: DriverProcess, signal: AbortSignal): Promise<Driver> {
  signal.throwIfAborted();
  const patience = start.patience ?? driverPatience;
  const logFile = join(start.folder, "driver.log");
  const [executable, ...words] = start.command;
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(executable, words, {
    env: start.environment,
    stdio: start.channel === "standard" ? ["pipe", "pipe", log] : ["ignore", log, log, "pipe"],
    detached: process.platform !== "win32",
  });
  closeSync(log);
  const leaveLog = boundLog(logFile);
  const jobs = new Map<string, RunningJob>();
  let webUrl: string | null = null;
  let becomeReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    becomeReady = resolve;
  });
  let isReady = false;
  let isStopping = false;
  let killReason: string | null = null;
  const end = watchEnd(child).then((how) => {
    const reasoned = killReason === null ? how : `${how}, because ${killReason}`;
    const error = new DriverEndedError(reasoned, readTroubles(logFile));
    for (const { reject, timer } of jobs.values()) {
      clearTimeout(timer);
      reject(error);
    }
    jobs.clear();
    if (isReady && !isStopping) start.onLost?.(error);
    return error;
  });
  // The driver leads the first group; the workers' daemon makes another.
  const listGroups = (): number[] => {
    if (child.pid === undefined) return [];
    return [child.pid, ...readDaemonGroups(start.environment.TMPDIR)];
  };
  const ended = end.then(async () => {
    leaveLog();
    await Promise.all(listGroups().map((leader) => clearGroup(leader, patience.kill)));
  });
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  const { input, output } = openChannel(child, start.channel);
  const send = (command: DriverCommand): void => {
    if (input.writable) input.write(`${JSON.stringify(command)}\n`);
  };
  const kill = (reason: string): void => {
    if (isAlive()) killReason ??= reason;
    for (const leader of listGroups()) signalGroup(leader, "SIGKILL");
  };
  const take = (event: DriverEvent): void => {
    if (event.event === "ready") {
      webUrl = event.webUrl ?? null;
      isReady = true;
      becomeReady();
      return;
    }
    const job = jobs.get(event.job);
    if (job === undefined) return;
    try {
      job.onEvent(event);
    } catch (error) {
      // Our own fault or the machine's, and no reason to take the neighbours along.
      clearTimeout(job.timer);
      jobs.delete(event.job);
      send({ command: "cancel", job: event.job });
      job.reject(error as Error);
      return;
    }
    if (event.event !== "finished") return;
    clearTimeout(job.timer);
    jobs.delete(event.job);
    job.resolve(event.outcome);
  };
  // A driver that has ended is noticed by its end; what could not be written to it any more is not news.
  input.on("error", () => {});
  readLines(
    output,
    lineLimit,
    (line) => {
      let event: DriverEvent;
      try {
        event = parseDriverEvent(line);
      } catch {
        // Scripts that start Spark may say something first.
        if (!isReady && start.channel === "standard") return;
        // A driver that can't be understood can't be relied on.
        kill("it said something that can't be understood");
        return;
      }
      take(event);
    },
    () => kill(`it said something longer than ${lineLimit} bytes`),
  );
  const stop = async (): Promise<void> => {
    isStopping = true;
    send({ command: "stop" });
    input.end();
    const timer = setTimeout(() => kill("it did not stop when it was told to"), patience.stop);
    await ended;
    clearTimeout(timer);
  };

  const giveUp = (): void => kill("its start was given up");
  signal.addEventListener("abort", giveUp);
  const timer = setTimeout(
    () => kill(`it was not ready after ${patience.start / 1000} seconds`),
    patience.start,
  );
  const early = await Promise.race([ready, end]);
  clearTimeout(timer);
  signal.removeEventListener("abort", giveUp);
  if (early !== undefined) {
    await ended;
    throw early;
  }
  if (signal.aborted) {
    await stop();
    throw await end;
  }
  return {
    webUrl,
    processId: child.pid ?? 0,
    isAlive,
    run: async ({ id, project, arguments: given }: DriverJob, onEvent) => {
      if (!isAlive()) throw await end;
      return new Promise((resolve, reject) => {
        jobs.set(id, { onEvent, resolve, reject });
        send({ command: "run", job: id, project, arguments: given });
      });
    },
    cancel: (id) => {
      const job = jobs.get(id);
      if (job === undefined) return;
      const seconds = patience.cancel / 1000;
      job.timer ??= setTimeout(
        () => kill(`one of its jobs was cancelled and was still there ${seconds} seconds later`),
        patience.cancel,
      );
      send({ command: "cancel", job: id });
    },
    stop,
    ended,
  };
}

function openChannel(
  child: ChildProcess,
  channel: DriverChannel,
): { readonly input: Writable; readonly output: Readable } {
  if (channel === "standard") return { input: child.stdin!, output: child.stdout! };
  const socket = child.stdio[3] as Duplex;
  return { input: socket, output: socket };
}

/** How a child ended, once all that it has said was read. */
function watchEnd(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on("error", ({ message }) => {
      if (child.pid === undefined) resolve(`no start at all: ${message}`);
    });
    child.on("close", (status, signal) => {
      if (child.pid !== undefined) resolve(signal === null ? `status ${status}` : `signal ${signal}`);
    });
  });
}

// Java ends by itself when its driver has, and cleans up with its last breath.
async function clearGroup(leader: number, patience: number): Promise<void> {
  if (await waitForGroup(leader, patience)) return;
  signalGroup(leader, "SIGKILL");
  await waitForGroup(leader, patience);
}
