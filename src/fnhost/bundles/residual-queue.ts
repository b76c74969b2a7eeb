import type { BundleApplication, DelayedBundleApplication } from "../../beam/protos/types/control.js";

/** A splittable function that asks to be resumed later is, but it doesn't hold a task for longer than this. */
const longestDelayMillis = 300_000;

/** With so many residuals waiting, no further elements are begun. */
const mostWaiting = 1_000;

interface Waiting {
  readonly due: number;
  readonly application: BundleApplication;
}

/** What splittable functions have put off: the rest of an element, to be resumed after a delay. */
export class ResidualQueue {
  readonly #now: () => number;
  /** By the time at which they are due; equal ones in the order in which they came. */
  readonly #waiting: Waiting[] = [];

  /** @param now a clock in milliseconds that is never set back */
  constructor(now: () => number) {
    this.#now = now;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Whether what waits should be done before anything else is begun. */
  get isFull(): boolean {
    return this.#waiting.length >= mostWaiting;
  }

  /** Adds residuals, whose delays begin now. */
  add(residuals: readonly DelayedBundleApplication[]): void {
    const now = this.#now();
    for (const { application, requestedTimeDelay } of residuals) {
      if (application === undefined) continue;
      const { seconds = 0n, nanos = 0 } = requestedTimeDelay ?? {};
      const delay = Number(seconds) * 1_000 + nanos / 1_000_000;
      const due = now + Math.min(Math.max(delay, 0), longestDelayMillis);
      let position = this.#waiting.length;
      while (position > 0 && this.#waiting[position - 1]!.due > due) position--;
      this.#waiting.splice(position, 0, { due, application });
    }
  }

  /** How long until the earliest is due, in milliseconds; zero or less if one is. */
  millisLeft(): number {
    return this.#waiting.length === 0 ? Number.POSITIVE_INFINITY : this.#waiting[0]!.due - this.#now();
  }

  /** The residuals that are due, in the order of their times, which then no longer wait. */
  takeDue(): readonly BundleApplication[] {
    const now = this.#now();
    const next = this.#waiting.findIndex(({ due }) => due > now);
    const due = this.#waiting.splice(0, next === -1 ? this.#waiting.length : next);
    return due.map(({ application }) => application);
  }
}
