import { ByteWriter } from "../bytes/byte-writer.js";
import type { BatchColumns } from "../columns/batch-columns.js";
import type { OpenedStage } from "../open-stages.js";
import { WindowEnds } from "../windows/window-ends.js";
import { createGroupColumns, createKeyWriter, type GroupColumns, onlyFiring } from "./group-columns.js";
import { GroupSender, heldBytes } from "./group-sender.js";
import { RunFinder } from "./run-finder.js";
import { type InputBundles, refuseTimers, type StageInput } from "./stage-input.js";
import { ValueList } from "./value-list.js";
import { ValueSpace } from "./value-space.js";

/**
 * Rows that are pairs, those of one key and window side by side: each key and window is one element, a key and an
 * iterable. Groups that end within a batch are written as they are read; a large one is kept until its end is known.
 */
export class GroupInput implements StageInput {
  readonly takeTimers = refuseTimers;
  readonly state;
  readonly #stage: OpenedStage;
  readonly #bundles: InputBundles;
  readonly #ends: WindowEnds;
  readonly #sender: GroupSender;
  readonly #space = new ValueSpace(heldBytes);
  readonly #runs = new RunFinder();
  readonly #head = new ByteWriter(256);
  /** The head of the last group of the rows so far, of which more may follow, and its values. */
  #open: Uint8Array | null = null;
  readonly #values = new ValueList(this.#space);

  constructor(stage: OpenedStage, bundles: InputBundles, storedGroupBytes: number) {
    this.#stage = stage;
    this.#ends = new WindowEnds(stage);
    this.#bundles = bundles;
    this.#sender = new GroupSender(stage, bundles, storedGroupBytes);
    this.state = this.#sender.state;
  }

  async process(batch: BatchColumns): Promise<void> {
    if (batch.length === 0) return;
    const { layouts, grouping } = this.#stage;
    const isAtEnd =
      grouping?.timestamp === "end-of-window" || layouts.input.timestamp.kind === "end-of-window";
    if (isAtEnd) await this.#ends.learnFrom(batch, this.#bundles);
    const columns = createGroupColumns(this.#stage, batch, this.#ends);
    const common = createKeyWriter(this.#stage, batch);
    let isNew = this.#runs.begins(common, 0);
    if (isNew) await this.#close();
    for (let start = 0, end = 0; start < batch.length; start = end, isNew = true) {
      end = start + 1;
      while (end < batch.length && !this.#runs.begins(common, end)) end++;
      const isWhole = isNew && end < batch.length;
      if (isWhole && this.#writeWhole(columns, start, end)) {
        await this.#sender.flushIfFull();
        continue;
      }
      if (isNew) this.#open = this.#takeHead(columns, start);
      this.#values.add(columns.value, start, end);
      if (end < batch.length) await this.#close();
    }
  }

  flush(): Promise<void> {
    return this.#sender.flush();
  }

  async finish(): Promise<void> {
    await this.#close();
    await this.#sender.finish();
  }

  close(): void {
    this.#space.close();
  }

  /** Writes a group whose rows are all at hand, unless it turns out to be large. */
  #writeWhole(columns: GroupColumns, start: number, end: number): boolean {
    const { out } = this.#sender;
    const before = out.length;
    writeHead(columns, start, out);
    out.int32(end - start);
    for (let row = start; row < end; row++) {
      columns.value(row, out, true);
      if (out.length - before <= this.#sender.wholeBytes) continue;
      out.truncate(before);
      return false;
    }
    return true;
  }

  #takeHead(columns: GroupColumns, row: number): Uint8Array {
    writeHead(columns, row, this.#head);
    return this.#head.take();
  }

  async #close(): Promise<void> {
    if (this.#open === null) return;
    const head = this.#open;
    this.#open = null;
    await this.#sender.send(head, [this.#values]);
    this.#values.clear();
    this.#space.clear();
  }
}

function writeHead({ timestamp, window, key }: GroupColumns, row: number, out: ByteWriter): void {
  timestamp(row, out);
  out.int32(1);
  window(row, out);
  out.byte(onlyFiring);
  key(row, out);
}
