import { giveBack } from "../bytes/blocks.js";
import { ByteReader } from "../bytes/byte-reader.js";
import { passPane } from "../columns/read-panes.js";
import { passWindow } from "../columns/read-windows.js";
import { passValue } from "../columns/reencode.js";
import type { StageEdge } from "../worker-stage.js";

/** With more input that its worker hasn't read yet, a bundle is not split: a part of it would have to be kept for that. */
export const mostKeptBytes = 32 << 20;

/** Elements that were sent together. */
interface KeptPart {
  readonly elements: Uint8Array;
  readonly count: number;
  /** What was sent, of which a split may have left less. */
  readonly added: Uint8Array;
}

/**
 * What a bundle was given and its worker may still give back, as long as it may be split: a worker gives back elements
 * by their number, and it is the host that still has them (`beam_fn_api.proto`, ProcessBundleSplitResponse).
 */
export class KeptInput {
  readonly #edge: StageEdge;
  #parts: KeptPart[] = [];
  #size = 0;
  /** How many elements were before the first that is kept. */
  #passed = 0;
  /** How many of the parts were sent: they are in their order. */
  #sent = 0;
  #isWhole = true;
  /** Parts that are kept no longer, and not sent yet. */
  readonly #gone = new Set<Uint8Array>();

  constructor(edge: StageEdge) {
    this.#edge = edge;
  }

  /** Whether all that the worker may give back is there. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Bytes that are kept. */
  get size(): number {
    return this.#size;
  }

  /** The number of the first element that is kept. */
  get passed(): number {
    return this.#passed;
  }

  /** Keeps elements that were sent; the array must not change any more. They are counted where that wasn't done. */
  add(elements: Uint8Array, count: number | undefined): void {
    if (!this.#isWhole) return;
    this.#parts.push({ elements, count: count ?? this.#countIn(elements), added: elements });
    this.#size += elements.length;
    if (this.#size > mostKeptBytes) this.drop();
  }

  /** Says that the elements that were added first of those that it was not said of were sent. */
  noteSent(elements: Uint8Array): void {
    if (!this.#isWhole || this.#gone.delete(elements)) giveBack(elements);
    else this.#sent++;
  }

  /**
   * Lets go of what the worker has passed. SDKs differ in whether the index is the number of the element that is being
   * read or of the next, so the one before stays, and what is beyond all that was sent is of another bundle.
   */
  pass(readIndex: number): void {
    if (readIndex > this.count()) return;
    let parts = 0;
    while (parts < Math.min(this.#sent, this.#parts.length)) {
      const { elements, count } = this.#parts[parts]!;
      if (this.#passed + count >= readIndex) break;
      this.#passed += count;
      this.#size -= elements.length;
      giveBack(elements);
      parts++;
    }
    this.#parts.splice(0, parts);
    this.#sent -= parts;
  }

  /** Keeps nothing any more: the bundle is done, or too large. What was sent is given back. */
  drop(): void {
    if (!this.#isWhole) return;
    this.#isWhole = false;
    for (const { elements } of this.#parts.slice(0, this.#sent)) giveBack(elements);
    this.#parts = [];
    this.#size = 0;
  }

  /** How many elements the bundle was given. */
  count(): number {
    return this.#parts.reduce((sum, { count }) => sum + count, this.#passed);
  }

  /** Gives away the elements from a number on, which are no longer here; copies, as they may still be on their way. */
  giveAway(first: number): readonly Uint8Array[] {
    let left = first - this.#passed;
    for (const [index, { elements, count, added }] of this.#parts.entries()) {
      if (left >= count) {
        left -= count;
        continue;
      }
      const source = new ByteReader(elements);
      for (let passed = 0; passed < left; passed++) this.#pass(source);
      const rest = this.#parts.slice(index + 1);
      const sent = Math.max(0, this.#sent - index - 1);
      const given = [elements.subarray(source.position), ...rest.map((part) => part.elements)].map((one) =>
        Uint8Array.from(one),
      );
      const kept = { elements: elements.subarray(0, source.position), count: left, added };
      this.#parts = [...this.#parts.slice(0, index), kept];
      this.#sent = Math.min(this.#sent, this.#parts.length);
      for (const [place, part] of rest.entries()) {
        if (place < sent) giveBack(part.added);
        else this.#gone.add(part.added);
      }
      this.#size -= given.reduce((sum, { length }) => sum + length, 0);
      return given;
    }
    return [];
  }

  #countIn(elements: Uint8Array): number {
    const source = new ByteReader(elements);
    let count = 0;
    for (; !source.isAtEnd; count++) this.#pass(source);
    return count;
  }

  #pass(source: ByteReader): void {
    source.skip(8);
    const windows = source.int32();
    for (let window = 0; window < windows; window++) passWindow(this.#edge.window, source);
    passPane(source);
    passValue(this.#edge.value, source);
  }
}
