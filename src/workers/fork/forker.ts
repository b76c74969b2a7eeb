import { writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import { killSession } from "../../machine/process-session.js";
import { guardSession } from "../session-guard.js";
import type { SessionLeader } from "../supervise-worker.js";
import { makeWorkerFolder } from "../worker-folder.js";
import type { StartedWorker } from "../worker-order.js";
import { startWorkerProcess, type WorkerProcess } from "../worker-process.js";
import { type ForkerWord, type ForkSocket, openForkSocket } from "./fork-socket.js";
import { readForkerProgram } from "./forker-program.js";

/** How long things may take, in milliseconds. */
const patience = { import: 60_000, fork: 30_000, kill: 5_000, idle: 300_000 } as const;

/** Runs the program outside of the main module, which workers take over. */
const bootstrap =
  'import sys; exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"), {"__name__": "worker_forker"})';

/** What a forking process is started for. */
export interface ForkerPurpose {
  readonly python: string;
  /** The module that its workers run. */
  readonly module: string;
  readonly variables: NodeJS.ProcessEnv;
  /** The folder in which it gets one of its own, and which is to go if this process dies. */
  readonly folder: string;
  readonly onLine: (line: string) => void;
}

/** A worker's process; or none, but maybe from another forking process, or from no other either. */
export type ForkOutcome = SessionLeader | "outdated" | "refused";

interface OpenOrder {
  readonly settle: (outcome: ForkOutcome) => void;
  readonly exit: (how: string) => void;
  readonly exited: Promise<string>;
  isSettled: boolean;
  process?: number;
  output?: Socket;
}

/** A process that has imported what workers import, and becomes one for each order. */
export class Forker {
  /** Whether it takes orders: kept when it has imported all, or has failed to. */
  readonly ready: Promise<boolean>;
  /** Kept when nothing is left of it. */
  readonly gone: Promise<void>;
  readonly #orders = new Map<number, OpenOrder>();
  #beReady: (isReady: boolean) => void = () => {};
  #socket: ForkSocket | null = null;
  #process: StartedWorker | null = null;
  readonly #started: Promise<void>;
  #idle: NodeJS.Timeout | undefined;
  #names = 0;
  #isRetired = false;
  #isOver = false;

  constructor(purpose: ForkerPurpose) {
    this.ready = new Promise((resolve) => {
      this.#beReady = resolve;
    });
    this.#started = this.#start(purpose).catch(() => this.#end("a start that failed"));
    this.gone = this.#started.then(() => this.#process?.ended).then(() => this.#process?.stop(true));
  }

  /** Orders a worker with a command's variables and folder. To be called when it is ready. */
  fork({ folder, variables, orphan }: WorkerProcess): Promise<ForkOutcome> {
    if (this.#isOver) return Promise.resolve("outdated");
    clearTimeout(this.#idle);
    const number = ++this.#names;
    let exit: (how: string) => void = () => {};
    const exited = new Promise<string>((resolve) => {
      exit = resolve;
    });
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle("refused"), patience.fork);
      const settle = (outcome: ForkOutcome): void => {
        clearTimeout(timer);
        order.isSettled = true;
        // Nobody takes what comes later, or what is half there.
        if (typeof outcome === "string") this.#giveUp(order);
        resolve(outcome);
      };
      const order: OpenOrder = { settle, exit, exited, isSettled: false };
      this.#orders.set(number, order);
      const guard = ["/bin/sh", "-c", guardSession, "sh", orphan];
      this.#socket?.send({ number, folder, variables, guard });
    });
  }

  /** Has it end with its last worker. */
  retire(): void {
    this.#isRetired = true;
    this.#endWhenIdle();
  }

  /** Ends it, and with it what workers it has. Never fails. */
  async stop(): Promise<void> {
    this.#end("the end of the process that it was forked from");
    await this.#started;
    await this.#process?.stop(false);
  }

  async #start({ python, module, variables, folder: parent, onLine }: ForkerPurpose): Promise<void> {
    const folder = await makeWorkerFolder(parent, "forker-");
    const program = join(folder.path, "worker_forker.py");
    const address = "socket";
    const { PYTHONPATH: places = "", ...others } = variables;
    await writeFile(program, readForkerProgram());
    this.#socket = await openForkSocket(join(folder.path, address), {
      onWord: (word) => this.#takeWord(word),
      onWorker: (number, output) => this.#takeWorker(number, output),
    });
    if (this.#isOver) {
      this.#socket.close();
      await folder.remove();
      return;
    }
    this.#process = startWorkerProcess({
      command: [python, "-c", bootstrap, program, address, module, places],
      variables: { ...others, TMPDIR: folder.temporary },
      folder: folder.path,
      orphan: parent,
      onLine,
      clear: folder.remove,
    });
    const timer = setTimeout(() => void this.stop(), patience.import);
    void this.ready.then(() => clearTimeout(timer));
    void this.#process.ended.then(({ how }) => {
      this.#end(`the loss of the process that it was forked from, by ${how}`);
    });
  }

  #takeWord({ ready, number = 0, process, ended, refused }: ForkerWord): void {
    if (ready) this.#beReady(true);
    const order = this.#orders.get(number);
    if (order === undefined) return;
    if (process !== undefined) {
      order.process = process;
      this.#settleWhenThere(order);
      return;
    }
    this.#orders.delete(number);
    if (ended !== undefined) order.exit(ended);
    if (!order.isSettled) order.settle(refused === "outdated" ? refused : "refused");
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    if (this.#orders.size > 0) return;
    if (this.#isRetired) void this.stop();
    else this.#idle = setTimeout(() => void this.stop(), patience.idle).unref();
  }

  #takeWorker(number: number, output: Socket): void {
    const order = this.#orders.get(number);
    if (order === undefined) {
      output.destroy();
      return;
    }
    order.output = output;
    this.#settleWhenThere(order);
  }

  #settleWhenThere(order: OpenOrder): void {
    const { process, output, exited } = order;
    if (order.isSettled) this.#giveUp(order);
    else if (process !== undefined && output !== undefined) {
      order.settle({ id: process, exited, outputs: [output], release: () => output.destroy() });
    }
  }

  #giveUp({ process, output }: OpenOrder): void {
    output?.destroy();
    if (process !== undefined) void killSession(process, patience.kill);
  }

  #end(how: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#idle);
    this.#beReady(false);
    this.#socket?.close();
    for (const order of this.#orders.values()) {
      order.exit(how);
      if (!order.isSettled) order.settle("refused");
    }
    this.#orders.clear();
  }
}
