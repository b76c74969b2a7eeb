import { messageBytes } from "../bytes/blocks.js";
import { ByteWriter } from "../bytes/byte-writer.js";
import type { BatchColumns } from "../columns/batch-columns.js";
import { createRowsWriter } from "../columns/encode-elements.js";
import type { OpenedStage } from "../open-stages.js";
import { WindowEnds } from "../windows/window-ends.js";
import { type InputBundles, refuseTimers, type StageInput } from "./stage-input.js";

/** Rows that are elements, each for itself: a bundle may end after any of them. */
export class ElementInput implements StageInput {
  readonly takeTimers = refuseTimers;
  readonly state = null;
  readonly #stage: OpenedStage;
  readonly #bundles: InputBundles;
  readonly #ends: WindowEnds;
  /** Elements that are too few for a message so far, and how many they are. */
  readonly #out = new ByteWriter();
  #waiting = 0;

  constructor(stage: OpenedStage, bundles: InputBundles) {
    this.#stage = stage;
    this.#ends = new WindowEnds(stage);
    this.#bundles = bundles;
    this.#out.useLoopBlocks();
  }

  async process(batch: BatchColumns): Promise<void> {
    const { source, layouts } = this.#stage;
    if (layouts.input.timestamp.kind === "end-of-window") await this.#ends.learnFrom(batch, this.#bundles);
    const write = createRowsWriter(layouts.input, source, batch, this.#ends);
    for (let row = 0; row < batch.length; ) {
      const first = row;
      // A bundle of no bytes at all takes one element, too.
      const fullAt = Math.max(1, Math.min(messageBytes, this.#bundles.room));
      row = write(row, this.#out, fullAt);
      this.#waiting += row - first;
      if (this.#out.length >= fullAt) await this.flush();
    }
  }

  async flush(): Promise<void> {
    if (this.#waiting === 0) return;
    const count = this.#waiting;
    this.#waiting = 0;
    await this.#bundles.send(this.#out.take(), count);
    if (this.#bundles.isFull) await this.#bundles.end();
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.#bundles.end();
  }

  close(): void {
    this.#out.release();
  }
}
