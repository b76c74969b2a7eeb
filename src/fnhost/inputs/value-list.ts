import { ByteWriter } from "../bytes/byte-writer.js";
import type { AnswerPiece } from "../state/answer-parts.js";
import type { ValueSpace } from "./value-space.js";

/** Bytes of a part of a large group, about: what one answer to a worker holds of it. */
const partBytes = 1 << 20;

/** Encoded values of a group in their order, in parts that hold whole values. */
export class ValueList {
  readonly #space: ValueSpace;
  #parts: AnswerPiece[] = [];
  readonly #open = new ByteWriter(256);
  #count = 0;
  #size = 0;

  constructor(space: ValueSpace) {
    this.#space = space;
  }

  /** How many values it has. */
  get count(): number {
    return this.#count;
  }

  get size(): number {
    return this.#size + this.#open.length;
  }

  /** Adds values that `write` writes from `start` (inclusive) to `end` (exclusive). Errors: those of the file system. */
  add(write: (row: number, out: ByteWriter, isNested: boolean) => void, start: number, end: number): void {
    const open = this.#open;
    for (let row = start; row < end; row++) {
      write(row, open, true);
      if (open.length >= partBytes) this.#closePart();
    }
    this.#count += end - start;
  }

  /** Writes all of its values. */
  writeTo(out: ByteWriter): void {
    for (const part of this.#parts) out.bytes(part.read());
    out.bytes(this.#open.peek());
  }

  /** Makes it empty, for another group. */
  clear(): void {
    this.#parts = [];
    this.#open.truncate();
    this.#count = 0;
    this.#size = 0;
  }

  /** All of its parts, to be read any number of times until its space is cleared; no value is added after that. */
  finish(): readonly AnswerPiece[] {
    if (this.#open.length > 0) this.#closePart();
    return this.#parts;
  }

  #closePart(): void {
    const part = this.#space.keep(this.#open.take());
    this.#size += part.length;
    this.#parts.push(part);
  }
}
