import { Unreadable } from "./unreadable.js";

/** Reads a pickle's bytes front to back; whatever would go past the end is unreadable. */
export class PickleCursor {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#position;
  }

  readUint8(): number {
    return this.#bytes.readUInt8(this.#advance(1));
  }

  readUint16(): number {
    return this.#bytes.readUInt16LE(this.#advance(2));
  }

  readInt32(): number {
    return this.#bytes.readInt32LE(this.#advance(4));
  }

  readUint32(): number {
    return this.#bytes.readUInt32LE(this.#advance(4));
  }

  /** A length in eight bytes. One beyond 2^53 is inexact here, and past any end of input all the same. */
  readLength64(): number {
    return Number(this.#bytes.readBigUInt64LE(this.#advance(8)));
  }

  readDouble(): number {
    return this.#bytes.readDoubleBE(this.#advance(8));
  }

  readBytes(length: number): Buffer {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  readUtf8(length: number): string {
    return decodeUtf8(this.readBytes(length));
  }

  /** The text up to the next line feed, which is consumed, one character per byte. */
  readLine(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0) throw new Unreadable(`it ends within a line at byte ${this.#position}`);
    const line = this.#bytes.toString("latin1", this.#position, end);
    this.#position = end + 1;
    return line;
  }

  /** Checks that `length` more bytes are there, and reads none. */
  expect(length: number): void {
    if (length > this.#bytes.length - this.#position) {
      throw new Unreadable(`it ends at byte ${this.#bytes.length}, within something longer`);
    }
  }

  #advance(length: number): number {
    this.expect(length);
    const start = this.#position;
    this.#position += length;
    return start;
  }
}

/** Text of bytes that must be UTF-8. Python also lets lone surrogates pass; here those are unreadable. */
export function decodeUtf8(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  // A replacement character is either the text's own or a sign of bytes that aren't UTF-8.
  if (text.includes("\ufffd") && !Buffer.from(text, "utf8").equals(bytes)) {
    throw new Unreadable("a string in it is not UTF-8");
  }
  return text;
}
