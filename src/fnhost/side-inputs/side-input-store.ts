import { newCacheToken } from "../state/cache-tokens.js";
import type { SideInput } from "./side-input.js";

/** How long a side input is kept that nobody reads, in milliseconds: the next task of its stage will want it. */
const idleMillis = 300_000;

/** A task's hold on a side input. */
export interface SideInputLease {
  /** Null where the host doesn't have it: then the holder is to `provide` it, and others wait until it has. */
  readonly sideInput: SideInput | null;
  /** By which workers may keep what they read of it. */
  readonly cacheToken: Uint8Array;
  /** Gives the host what it didn't have. */
  provide(sideInput: SideInput): void;
  /** Lets go of it; what was not provided is for another one to provide. It may be called again. */
  release(): void;
}

interface Entry {
  readonly job: string;
  readonly cacheToken: Uint8Array;
  sideInput: SideInput | null;
  users: number;
  timer?: NodeJS.Timeout;
  readonly settled: Promise<void>;
  readonly settle: () => void;
}

/** The side inputs that the tasks of this host read: each is brought by one task, and read by all of its job. */
export class SideInputStore {
  readonly #entries = new Map<string, Entry>();

  /** Waits while another task brings it. @param name what names it among those of the job */
  async lease(job: string, name: string): Promise<SideInputLease> {
    const key = JSON.stringify([job, name]);
    for (;;) {
      const entry = this.#entries.get(key);
      if (entry === undefined) return this.#create(job, key);
      if (entry.sideInput !== null) return this.#hold(key, entry);
      await entry.settled;
    }
  }

  /** Drops the side inputs of a job, those that are still read as soon as they aren't. */
  endJob(job: string): void {
    for (const [key, entry] of this.#entries) {
      if (entry.job !== job || entry.sideInput === null) continue;
      this.#entries.delete(key);
      if (entry.users === 0) this.#drop(key, entry);
    }
  }

  /** Drops all of them. */
  close(): void {
    for (const [key, entry] of this.#entries) this.#drop(key, entry);
  }

  #create(job: string, key: string): SideInputLease {
    let settle = (): void => {};
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const entry: Entry = { job, cacheToken: newCacheToken(), sideInput: null, users: 0, settled, settle };
    this.#entries.set(key, entry);
    return this.#hold(key, entry);
  }

  #hold(key: string, entry: Entry): SideInputLease {
    entry.users++;
    clearTimeout(entry.timer);
    let isHeld = true;
    return {
      sideInput: entry.sideInput,
      cacheToken: entry.cacheToken,
      provide: (sideInput) => {
        entry.sideInput = sideInput;
        entry.settle();
      },
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        entry.users--;
        this.#leave(key, entry);
      },
    };
  }

  #leave(key: string, entry: Entry): void {
    if (entry.users > 0) return;
    const isKept = entry.sideInput !== null && this.#entries.get(key) === entry;
    if (isKept) entry.timer = setTimeout(() => this.#drop(key, entry), idleMillis).unref();
    else this.#drop(key, entry);
  }

  #drop(key: string, entry: Entry): void {
    clearTimeout(entry.timer);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    entry.sideInput?.close();
    entry.settle();
  }
}
