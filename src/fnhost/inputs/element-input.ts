import { ByteWriter } from "../bytes/byte-writer.js";
import type { BatchColumns } from "../columns/batch-columns.js";
import { createElementWriter } from "../columns/encode-elements.js";
import type { OpenedStage } from "../open-stages.js";
import { type InputBundles, messageBytes, type StageInput } from "./stage-input.js";

/** Rows that are elements, each for itself: a bundle may end after any of them. */
export class ElementInput implements StageInput {
  readonly state = null;
  readonly #stage: OpenedStage;
  readonly #bundles: InputBundles;
  readonly #out = new ByteWriter(messageBytes);

  constructor(stage: OpenedStage, bundles: InputBundles) {
    this.#stage = stage;
    this.#bundles = bundles;
  }

  async process(batch: BatchColumns): Promise<void> {
    const { source, layouts, clock } = this.#stage;
    const write = createElementWriter(layouts.input, source, batch, clock);
    for (let row = 0; row < batch.length; row++) {
      write(row, this.#out);
      if (this.#out.length < messageBytes && row < batch.length - 1) continue;
      await this.#bundles.send(this.#out.take());
      if (this.#bundles.isFull) await this.#bundles.end();
    }
  }

  finish(): Promise<void> {
    return this.#bundles.end();
  }

  takeTimers(): void {
    throw new Error("a timer of a stage without timers");
  }

  close(): void {}
}
