import { ByteWriter } from "../bytes/byte-writer.js";
import type { AnswerPiece } from "../state/answer-parts.js";
import type { ValueSpace } from "./value-space.js";

/** Bytes of a part of a large group, about: what one answer to a worker holds of it. */
const partBytes = 1 << 20;

/** Encoded values of a group in their order, in parts that hold whole values. */
export class ValueList {
  readonly #space: ValueSpace;
  #parts: AnswerPiece[] = [];
  readonly #open: ByteWriter;
  #count = 0;
  #size = 0;

  /** @param open takes the values of the part that is open; lists may share it that call `keep` after each `add` */
  constructor(space: ValueSpace, open = new ByteWriter(256)) {
    this.#space = space;
    this.#open = open;
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

  /** All of its parts, to be read any number of times until its space is cleared. */
  parts(): readonly AnswerPiece[] {
    this.keep();
    return this.#parts;
  }

  /** Gives its space what it holds itself. Errors: those of the file system. */
  keep(): void {
    if (this.#open.length > 0) this.#closePart();
  }

  #closePart(): void {
    const part = this.#space.keep(this.#open.take());
    this.#size += part.length;
    this.#parts.push(part);
  }
}
