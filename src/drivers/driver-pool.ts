import type { Driver } from "./driver.js";

/** A driver that a job may use until it gives it back. */
export interface Lease {
  readonly driver: Driver;
  readonly release: () => void;
}

/** Warm drivers by what they are for. */
export interface DriverPool {
  /**
   * The driver of a key: the one that is there, else a new one, once there is room for it. Errors: those of
   * starting it; the signal's reason when it is aborted first.
   */
  acquire(key: string, start: StartDriver, signal: AbortSignal): Promise<Lease>;
  /** Ends all drivers, those that are only starting too. Nothing can be acquired afterwards. */
  close(): Promise<void>;
}

export type StartDriver = (signal: AbortSignal) => Promise<Driver>;

interface Entry {
  readonly starting: Promise<Driver>;
  readonly gone: Promise<void>;
  users: number;
  lastUsed: number;
  isLeaving: boolean;
}

/**
 * A pool of at most `limit` drivers. All jobs of one key share a driver. Where there is no room for another key, the
 * driver that has been idle for longest ends; where none is idle, the job waits.
 */
export function createDriverPool(limit: number): DriverPool {
  const entries = new Map<string, Entry>();
  const waiting = new Set<() => void>();
  const closing = new AbortController();
  let uses = 0;

  const wakeAll = (): void => {
    const woken = [...waiting];
    waiting.clear();
    for (const wake of woken) wake();
  };
  const add = (key: string, start: StartDriver): Entry => {
    const starting = start(closing.signal);
    const forget = (): void => {
      if (entries.get(key) === entry) entries.delete(key);
      wakeAll();
    };
    const gone = starting.then((driver) => driver.ended).then(forget, forget);
    const entry: Entry = { starting, gone, users: 0, lastUsed: 0, isLeaving: false };
    entries.set(key, entry);
    return entry;
  };
  const leave = async (entry: Entry): Promise<void> => {
    entry.isLeaving = true;
    const driver = await entry.starting.catch(() => null);
    await driver?.stop();
    await entry.gone;
  };
  const find = (key: string, start: StartDriver): Entry | null => {
    const found = entries.get(key);
    if (found !== undefined) return found.isLeaving ? null : found;
    if (entries.size < limit) return add(key, start);
    const idle = [...entries.values()].filter(({ users, isLeaving }) => users === 0 && !isLeaving);
    const [oldest] = idle.sort((left, right) => left.lastUsed - right.lastUsed);
    // Its place is free when its processes are gone.
    if (oldest !== undefined) void leave(oldest);
    return null;
  };
  return {
    async acquire(key, start, signal) {
      for (;;) {
        signal.throwIfAborted();
        closing.signal.throwIfAborted();
        const entry = find(key, start);
        if (entry === null) {
          await waitFor(waiting, signal);
          continue;
        }
        entry.users++;
        const release = once(() => {
          entry.users--;
          entry.lastUsed = ++uses;
          wakeAll();
        });
        try {
          const driver = await Promise.race([entry.starting, rejectOn(signal)]);
          return { driver, release };
        } catch (error) {
          release();
          throw error;
        }
      }
    },
    async close() {
      closing.abort(new Error("the service is being stopped"));
      wakeAll();
      await Promise.all([...entries.values()].map(leave));
    },
  };
}

function waitFor(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    waiting.add(resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
