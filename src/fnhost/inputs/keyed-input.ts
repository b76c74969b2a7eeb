import type { TimerFamily } from "../bundle.js";
import { messageBytes } from "../bytes/blocks.js";
import { ByteWriter } from "../bytes/byte-writer.js";
import type { BatchColumns } from "../columns/batch-columns.js";
import { createElementWriter } from "../columns/encode-elements.js";
import type { OpenedStage } from "../open-stages.js";
import { UserState } from "../state/user-state.js";
import { createExpirationWriter } from "../timers/expirations.js";
import { TimerQueue } from "../timers/timer-queue.js";
import { readTimers } from "../timers/timer-records.js";
import { WindowEnds } from "../windows/window-ends.js";
import { createKeyWriter } from "./group-columns.js";
import { RunFinder } from "./run-finder.js";
import type { InputBundles, StageInput } from "./stage-input.js";

/** With so many timers, or bytes of keys that are to expire, the keys so far are brought to their end. */
const mostTimers = 100_000;
const mostExpirationBytes = 8 << 20;

/**
 * Rows that are elements of functions with state or timers, those of one key and window side by side. A bundle takes
 * many keys; after it, the timers of those whose last row has gone by fire in bundles of their own, with those that
 * they set, and then the keys' windows expire. A bundle that ends within a key leaves all of that for later.
 */
export class KeyedInput implements StageInput {
  readonly state: UserState;
  readonly #stage: OpenedStage;
  readonly #bundles: InputBundles;
  readonly #ends: WindowEnds;
  readonly #stateMemoryBytes: number;
  readonly #out = new ByteWriter(messageBytes);
  readonly #runs = new RunFinder();
  readonly #timers = new TimerQueue();
  readonly #expires: boolean;
  /** Timers of the ends of windows: of all keys but the last, and of that. */
  readonly #expirations = new ByteWriter(256);
  readonly #last = new ByteWriter(64);
  #isCut = false;

  constructor(stage: OpenedStage, bundles: InputBundles, stateMemoryBytes: number) {
    this.#stage = stage;
    this.#ends = new WindowEnds(stage);
    this.#bundles = bundles;
    this.#stateMemoryBytes = stateMemoryBytes;
    this.state = new UserState(stateMemoryBytes);
    this.#expires = stage.timers.some(({ isExpiration }) => isExpiration);
  }

  async process(batch: BatchColumns): Promise<void> {
    if (batch.length === 0) return;
    const { source, layouts } = this.#stage;
    const readsEnds = this.#expires || layouts.input.timestamp.kind === "end-of-window";
    if (readsEnds && (await this.#ends.learnFrom(batch, this.#bundles))) this.#isCut = true;
    const write = createElementWriter(layouts.input, source, batch, this.#ends);
    const writeKey = createKeyWriter(this.#stage, batch);
    const writeExpiration = this.#expires ? createExpirationWriter(this.#stage, batch, this.#ends) : null;
    const note = (row: number): void => {
      this.#last.truncate();
      writeExpiration?.(row, this.#last);
    };
    for (let row = 0; row < batch.length; row++) {
      if (this.#runs.begins(writeKey, row)) {
        if (row > 0) note(row - 1);
        this.#endKey();
        if (this.#wantsSettling) await this.#settle();
      } else if (this.#bundles.isFull) {
        await this.flush();
        await this.#bundles.end();
        this.#isCut = true;
      }
      write(row, this.#out);
      if (this.#out.length >= messageBytes) await this.flush();
    }
    note(batch.length - 1);
    await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#out.length > 0) await this.#bundles.send(this.#out.take());
  }

  async finish(): Promise<void> {
    this.#endKey();
    await this.#settle();
  }

  takeTimers({ transform, family }: TimerFamily, timers: Uint8Array): void {
    const found = this.#stage.timers.find((one) => one.transform === transform && one.family === family);
    if (found === undefined) throw new Error(`a timer of ${transform}, which has no family ${family}`);
    this.#timers.take(found, readTimers(timers, this.#stage.source));
  }

  close(): void {
    this.state.close();
  }

  #endKey(): void {
    this.#expirations.bytes(this.#last.peek());
    this.#last.truncate();
  }

  get #wantsSettling(): boolean {
    return (
      this.#isCut ||
      this.#bundles.isFull ||
      this.state.held * 2 > this.#stateMemoryBytes ||
      this.#timers.size > mostTimers ||
      this.#expirations.length > mostExpirationBytes
    );
  }

  /** Brings all keys so far to their end. */
  async #settle(): Promise<void> {
    await this.flush();
    await this.#bundles.end();
    await this.#fireTimers();
    if (this.#expirations.length > 0) {
      const timers = this.#expirations.take();
      for (const family of this.#stage.timers)
        if (family.isExpiration) await this.#bundles.fire(family, timers);
      await this.#bundles.end();
      await this.#fireTimers();
    }
    this.state.forget();
    this.#isCut = false;
  }

  async #fireTimers(): Promise<void> {
    for (let due = this.#timers.takeDue(); due.length > 0; due = this.#timers.takeDue()) {
      for (const { family, timers } of due) await this.#bundles.fire(family, Buffer.concat(timers));
      await this.#bundles.end();
    }
  }
}
