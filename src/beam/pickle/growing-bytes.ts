import { Unreadable } from "./unreadable.js";

/** Bytes that are written one after the other, up to a limit. */
export class GrowingBytes {
  readonly #limit: number;
  #bytes = new Uint8Array(1024);
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  /** Writes one byte `count` times. */
  write(byte: number, count: number): void {
    const end = this.#length + count;
    if (end > this.#limit) throw new Unreadable(`it unpacks to over ${this.#limit} bytes`);
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(this.#limit, Math.max(end, this.#bytes.length * 2)));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.fill(byte, this.#length, end);
    this.#length = end;
  }

  /** What was written from `start` on; a view that the next write may leave behind. */
  view(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#length);
  }
}
