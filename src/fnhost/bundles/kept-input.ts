import { giveBack } from "../bytes/blocks.js";
import { ByteReader } from "../bytes/byte-reader.js";
import { passPane } from "../columns/read-panes.js";
import { passWindow } from "../columns/read-windows.js";
import { passValue } from "../columns/reencode.js";
import type { StageEdge } from "../worker-stage.js";

/** A bundle with more input than this is not split: a part of it would have to be kept for that. */
const mostBytes = 32 << 20;

/**
 * What a bundle was given, as long as it may be split: a worker gives back elements by their number, and it is the
 * host that still has them (`beam_fn_api.proto`, ProcessBundleSplitResponse).
 */
export class KeptInput {
  readonly #edge: StageEdge;
  #parts: Uint8Array[] = [];
  #size = 0;
  /** How many of the parts were sent: they are in their order. */
  #sent = 0;
  #isWhole = true;

  constructor(edge: StageEdge) {
    this.#edge = edge;
  }

  /** Whether all of it is there. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Keeps elements that were sent; the array must not change any more. */
  add(elements: Uint8Array): void {
    if (!this.#isWhole) return;
    this.#size += elements.length;
    if (this.#size > mostBytes) this.drop();
    else this.#parts.push(elements);
  }

  /** Says that the elements that were added first of those that it was not said of were sent. */
  noteSent(elements: Uint8Array): void {
    if (this.#isWhole) this.#sent++;
    else giveBack(elements);
  }

  /** Keeps nothing any more: the bundle is done, or too large. What was sent is given back. */
  drop(): void {
    if (!this.#isWhole) return;
    this.#isWhole = false;
    for (const part of this.#parts.slice(0, this.#sent)) giveBack(part);
    this.#parts = [];
  }

  /** How many elements there are. They are counted anew each time: nearly no bundle is ever split. */
  count(): number {
    let count = 0;
    for (const part of this.#parts) {
      const source = new ByteReader(part);
      for (; !source.isAtEnd; count++) this.#pass(source);
    }
    return count;
  }

  /** Gives away the elements from a number on, which are no longer here; copies, as they may still be on their way. */
  giveAway(first: number): readonly Uint8Array[] {
    let left = first;
    for (const [index, part] of this.#parts.entries()) {
      const source = new ByteReader(part);
      for (; left > 0 && !source.isAtEnd; left--) this.#pass(source);
      if (source.isAtEnd) continue;
      const given = [part.subarray(source.position), ...this.#parts.slice(index + 1)].map((rest) =>
        Uint8Array.from(rest),
      );
      this.#parts = [...this.#parts.slice(0, index), part.subarray(0, source.position)];
      return given;
    }
    return [];
  }

  #pass(source: ByteReader): void {
    source.skip(8);
    const windows = source.int32();
    for (let window = 0; window < windows; window++) passWindow(this.#edge.window, source);
    passPane(source);
    passValue(this.#edge.value, source);
  }
}
