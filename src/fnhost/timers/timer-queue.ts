import type { StageTimers } from "../worker-timers.js";
import type { SetTimer, TimerRecord } from "./timer-records.js";

/** Timers that are due together, of one family. */
export interface DueTimers {
  readonly family: StageTimers;
  readonly timers: readonly Uint8Array[];
}

interface PendingTimer extends SetTimer {
  readonly family: StageTimers;
}

/**
 * The timers of keys and windows. In batch the event time runs to its end first, then the processing time does, for
 * each key by itself.
 */
export class TimerQueue {
  readonly #owners = new Map<string, Map<string, PendingTimer>>();
  #size = 0;

  /** How many timers are set. */
  get size(): number {
    return this.#size;
  }

  /** Takes timers that were set or cleared: the last word on a family and tag is the one that counts. */
  take(family: StageTimers, records: readonly TimerRecord[]): void {
    for (const { owner, tag, set } of records) {
      const pending = this.#owners.get(owner) ?? new Map<string, PendingTimer>();
      const id = JSON.stringify([family.transform, family.family, tag]);
      // Timers of one time fire in the order in which they were set.
      if (pending.delete(id)) this.#size--;
      if (set === null) continue;
      pending.set(id, { ...set, family });
      this.#size++;
      this.#owners.set(owner, pending);
    }
  }

  /**
   * The timers that are due next of each key and window, which are then no longer set: those of its earliest time,
   * as a timer may set and clear later ones. Empty where none is left.
   */
  takeDue(): readonly DueTimers[] {
    const due = new Map<StageTimers, Uint8Array[]>();
    for (const [owner, pending] of this.#owners) {
      const first = findEarliest(pending);
      for (const [id, timer] of pending) {
        if (first === null || compare(timer, first) !== 0) continue;
        pending.delete(id);
        this.#size--;
        const timers = due.get(timer.family);
        if (timers === undefined) due.set(timer.family, [timer.bytes]);
        else timers.push(timer.bytes);
      }
      if (pending.size === 0) this.#owners.delete(owner);
    }
    return [...due].map(([family, timers]) => ({ family, timers }));
  }
}

function findEarliest(pending: ReadonlyMap<string, PendingTimer>): PendingTimer | null {
  let first: PendingTimer | null = null;
  for (const timer of pending.values()) if (first === null || compare(timer, first) < 0) first = timer;
  return first;
}

function compare(left: PendingTimer, right: PendingTimer): number {
  const isLeftLate = left.family.isProcessingTime;
  if (isLeftLate !== right.family.isProcessingTime) return isLeftLate ? 1 : -1;
  return left.high - right.high || left.low - right.low;
}
