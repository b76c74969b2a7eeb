import { rmSync } from "node:fs";
import { letHeapGrow } from "../fnhost/let-heap-grow.js";
import { type LinkServer, startLinkServer } from "../fnhost/link/link-server.js";
import { OpenStages } from "../fnhost/open-stages.js";
import { SideInputStore } from "../fnhost/side-inputs/side-input-store.js";
import { type FnHost, type FnHostOptions, startHost } from "../fnhost/start-host.js";
import { openLender } from "../workers/open-lender.js";
import type { Address, HostWords } from "./words.js";

/** A host that takes tasks. */
export interface RunningHost {
  /** Where Spark's tasks reach it, as `--listen` has it. */
  readonly address: string;
  /** Kept once it has ended: when its owner has, when it had nothing to do for long, or after `close`. */
  readonly ended: Promise<void>;
  close(): void;
}

/** How often the owner is looked for, in milliseconds. */
const interval = 1_000;

/** Two services, each with a port. */
const portsPerHost = 2;

/** How many times the next ports are tried, as often as Spark does (`spark.port.maxRetries`). */
const mostPorts = 16;

/** Starts a Fn API host with everything that belongs to it. Errors: those of listening. */
export async function runHost(words: HostWords): Promise<RunningHost> {
  const { listen, owner, idleSeconds, folder, bind, advertised } = words;
  letHeapGrow();
  const host = await startAtFreePort({
    ...bind,
    ...(advertised === null ? {} : { advertised }),
    onLog: (worker, { message }) => process.stderr.write(`${worker}: ${message}\n`),
  });
  const lender = await openLender({
    host,
    variables: process.env,
    onOutput: (worker, line) => process.stderr.write(`${worker}: ${line}\n`),
  });
  const sideInputs = new SideInputStore();
  let link: LinkServer;
  try {
    link = await startLinkServer(listen, {
      stages: new OpenStages(host),
      workers: lender,
      sideInputs,
      onUnexpected: (error) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      },
    });
  } catch (error) {
    await lender.close();
    host.close();
    throw error;
  }
  let finish: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let lastBusy = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    if (link.connections() > 0) lastBusy = now;
    const isIdle = idleSeconds > 0 && now - lastBusy > idleSeconds * 1_000;
    if (isIdle || (owner !== null && !isAlive(owner))) close();
  }, interval);
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    clearInterval(timer);
    link.close();
    // At once: a task that comes now makes a folder of its own for the next host.
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
    sideInputs.close();
    const closed = (): void => {
      host.close();
      finish();
    };
    lender.close().then(closed, closed);
  };
  return { address: link.address, ended, close };
}

/** Starts a host at a port, or, where another program has that, a machine's other host say, at one of the next. */
async function startAtFreePort(options: FnHostOptions & Address): Promise<FnHost> {
  for (let attempt = 0; ; attempt++) {
    const port = options.port === 0 ? 0 : options.port + portsPerHost * attempt;
    try {
      return await startHost({ ...options, port });
    } catch (error) {
      const isTaken = /EADDRINUSE/.test((error as Error).message);
      if (!isTaken || port === 0 || attempt === mostPorts) throw error;
    }
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
