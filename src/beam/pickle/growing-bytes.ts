import { Unreadable } from "./unreadable.js";

/** Bytes that are written one after the other, up to a limit. */
export class GrowingBytes {
  readonly #limit: number;
  #bytes: Uint8Array;
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#bytes = new Uint8Array(Math.min(limit, 1024));
  }

  get length(): number {
    return this.#length;
  }

  writeByte(byte: number): void {
    if (this.#length === this.#bytes.length) this.#grow(this.#length + 1);
    this.#bytes[this.#length++] = byte;
  }

  writeRun(byte: number, count: number): void {
    const end = this.#length + count;
    if (end > this.#bytes.length) this.#grow(end);
    this.#bytes.fill(byte, this.#length, end);
    this.#length = end;
  }

  /** What was written from `start` on; a view that the next write may leave behind. */
  view(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#length);
  }

  #grow(needed: number): void {
    if (needed > this.#limit) throw new Unreadable(`it unpacks to over ${this.#limit} bytes`);
    const larger = new Uint8Array(Math.min(this.#limit, Math.max(needed, this.#bytes.length * 2)));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
