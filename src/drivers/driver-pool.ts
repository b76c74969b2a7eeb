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
  acquire(wanted: WantedDriver, signal: AbortSignal): Promise<Lease>;
  /** Ends all drivers, those that are only starting too. Nothing can be acquired afterwards. */
  close(): Promise<void>;
}

/** A driver that a job needs. */
export interface WantedDriver {
  /** Jobs of one key can share a driver. */
  readonly key: string;
  /** What the driver takes whole, a cluster say, so that no other driver can live off it; null for nothing. */
  readonly claim: string | null;
  readonly start: (signal: AbortSignal) => Promise<Driver>;
}

interface Entry {
  readonly claim: string | null;
  readonly starting: Promise<Driver>;
  readonly gone: Promise<void>;
  /** Null while it is only starting. */
  driver: Driver | null;
  users: number;
  lastUsed: number;
  isLeaving: boolean;
}

/**
 * A pool of at most `limit` drivers. All jobs of one key share a driver. Where there is no room for another key, or
 * what it claims is taken, the driver in its way that has been idle for longest ends; where none is idle, the job
 * waits.
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
  const wait = async (signal: AbortSignal): Promise<void> => {
    let wake = (): void => {};
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    waiting.add(wake);
    try {
      await unlessAborted(woken, signal);
    } finally {
      waiting.delete(wake);
    }
  };
  const add = ({ key, claim, start }: WantedDriver): Entry => {
    const starting = start(closing.signal);
    const forget = (): void => {
      if (entries.get(key) === entry) entries.delete(key);
      wakeAll();
    };
    const gone = starting
      .then((driver) => {
        entry.driver = driver;
        return driver.ended;
      })
      .then(forget, forget);
    const entry: Entry = { claim, starting, gone, driver: null, users: 0, lastUsed: 0, isLeaving: false };
    entries.set(key, entry);
    return entry;
  };
  const leave = async (entry: Entry): Promise<void> => {
    entry.isLeaving = true;
    const driver = await entry.starting.catch(() => null);
    await driver?.stop();
    await entry.gone;
  };
  const find = (wanted: WantedDriver): Entry | null => {
    const found = entries.get(wanted.key);
    if (found !== undefined) {
      const isGoing = found.isLeaving || found.driver?.isAlive() === false;
      return isGoing ? null : found;
    }
    const all = [...entries.values()];
    const rivals = all.filter(({ claim }) => claim !== null && claim === wanted.claim);
    if (entries.size < limit && rivals.length === 0) return add(wanted);
    const inTheWay = rivals.length > 0 ? rivals : all;
    const idle = inTheWay.filter(({ users, isLeaving }) => users === 0 && !isLeaving);
    const [oldest] = idle.sort((left, right) => left.lastUsed - right.lastUsed);
    // Its place is free when its processes are gone.
    if (oldest !== undefined) void leave(oldest);
    return null;
  };
  return {
    async acquire(wanted, signal) {
      for (;;) {
        signal.throwIfAborted();
        closing.signal.throwIfAborted();
        const entry = find(wanted);
        if (entry === null) {
          await wait(signal);
          continue;
        }
        entry.users++;
        const release = once(() => {
          entry.users--;
          entry.lastUsed = ++uses;
          wakeAll();
        });
        try {
          const driver = await unlessAborted(entry.starting, signal);
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

/** A promise, unless the signal is aborted before it is settled. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
