import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { lentLoopBlocks } from "../../src/fnhost/bytes/blocks.js";
import type { LinkContext } from "../../src/fnhost/link/link-connection.js";
import { startLinkServer } from "../../src/fnhost/link/link-server.js";
import { OpenStages } from "../../src/fnhost/open-stages.js";
import { SideInputStore } from "../../src/fnhost/side-inputs/side-input-store.js";
import { type FnHost, startHost } from "../../src/fnhost/start-host.js";
import { Worker } from "../../src/fnhost/worker.js";
import { type Behaviour, FakeWorker } from "./fake-worker.js";
import { LinkClient } from "./link-client.js";

/** A host whose workers are fake, and the link to it. */
export interface FakeSetting {
  readonly host: FnHost;
  /** What is in the host's own log. */
  readonly logged: readonly string[];
  /** The workers that were lent so far, in order. */
  readonly workers: readonly FakeWorker[];
  /** Whether each worker that came back was idle, in order. */
  readonly returned: readonly boolean[];
  /** Where tasks reach the host. */
  readonly address: string;
  connect(): LinkClient;
  /** Ends everything, and sees that all memory comes back that isn't collected as garbage. */
  close(): Promise<void>;
}

/** Starts a host that lends a new fake worker to each task, and so many more to tasks that could use another one. */
export async function startFakeSetting(
  behave: Behaviour,
  context: Partial<LinkContext> = {},
  idle = 0,
): Promise<FakeSetting> {
  const logged: string[] = [];
  const host = await startHost({ onLog: (_worker, { message }) => logged.push(message) });
  const folder = await mkdtemp(join(tmpdir(), "b2s-fake-"));
  const workers: FakeWorker[] = [];
  const returned: boolean[] = [];
  const start = (): Worker => {
    const worker = new Worker(`fake-${workers.length + 1}`, {});
    host.workers.add(worker);
    workers.push(new FakeWorker(host, worker.id, behave));
    return worker;
  };
  const socket = join(folder, "link");
  const server = await startLinkServer(`unix:${socket}`, {
    stages: new OpenStages(host),
    workers: {
      borrow: async () => start(),
      tryBorrow: () => (workers.length <= idle ? start() : null),
      endJob: async () => {},
      giveBack: (_worker, isIdle) => returned.push(isIdle),
    },
    sideInputs: new SideInputStore(),
    tasksName: "task",
    ...context,
  });
  return {
    host,
    logged,
    workers,
    returned,
    address: `unix:${socket}`,
    connect: () => new LinkClient(socket),
    close: async () => {
      for (const worker of workers) worker.close();
      server.close();
      host.close();
      rmSync(folder, { recursive: true });
      await expect.poll(lentLoopBlocks, { timeout: 5_000 }).toBe(0);
    },
  };
}
