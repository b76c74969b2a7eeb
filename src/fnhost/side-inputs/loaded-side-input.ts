import { ByteWriter } from "../bytes/byte-writer.js";
import { hex } from "../bytes/hex.js";
import type { BatchColumns } from "../columns/batch-columns.js";
import { type AnswerPiece, answerPart, pieceOf } from "../state/answer-parts.js";
import type { StatePart } from "../state-stream.js";
import { MultimapTable } from "./multimap-table.js";
import { createRowWriters, createWindowReader } from "./row-writers.js";
import type { SideInput, SideInputForm, SideInputUse } from "./side-input.js";

/** Bytes of the elements of one window that are answered together. */
const chunkBytes = 1 << 16;

interface WindowElements {
  readonly chunks: AnswerPiece[];
  readonly open: ByteWriter;
}

/** A small side input, in memory: elements as workers read them, arranged in the ways in which they are read. */
export class LoadedSideInput implements SideInput {
  readonly #form: SideInputForm;
  readonly #use: SideInputUse;
  readonly #elements = new Map<string, WindowElements>();
  readonly #pairs = new MultimapTable();

  constructor(form: SideInputForm, use: SideInputUse) {
    this.#form = form;
    this.#use = use;
  }

  /** Takes rows of the side input. */
  add(batch: BatchColumns): void {
    const windowOf = createWindowReader(this.#form, batch);
    const writers = createRowWriters(this.#form, batch);
    const scratch = new ByteWriter(64);
    for (let row = 0; row < batch.length; row++) {
      const window = windowOf(row);
      if (this.#use.isIterated) {
        const { open, chunks } = this.#elementsOf(window);
        writers.key?.(row, open, true);
        writers.value(row, open, true);
        if (open.length >= chunkBytes) chunks.push(pieceOf(open.take()));
      }
      if (!this.#use.isLookedUp || writers.key === null) continue;
      writers.key(row, scratch, true);
      const key = scratch.take();
      writers.value(row, scratch, true);
      this.#pairs.add(window, key, scratch.take());
    }
  }

  elements(window: Uint8Array, token: Uint8Array): StatePart {
    const elements = this.#elements.get(hex(window));
    if (elements === undefined) return answerPart([], token);
    const { chunks, open } = elements;
    return answerPart(open.length === 0 ? chunks : [...chunks, pieceOf(open.peek())], token);
  }

  values(window: Uint8Array, key: Uint8Array, token: Uint8Array): StatePart {
    return this.#pairs.values(window, key, token);
  }

  keys(window: Uint8Array, token: Uint8Array): StatePart {
    return this.#pairs.keys(window, token);
  }

  close(): void {}

  #elementsOf(window: Uint8Array): WindowElements {
    const id = hex(window);
    const known = this.#elements.get(id);
    if (known !== undefined) return known;
    const created = { chunks: [], open: new ByteWriter(256) };
    this.#elements.set(id, created);
    return created;
  }
}
