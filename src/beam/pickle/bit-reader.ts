import { Unreadable } from "./unreadable.js";

/** Reads bits, the highest of each byte first. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #position = 0;
  /** The lowest `#count` bits are read from the bytes and not yet given away. */
  #bits = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads up to 24 bits as a number. */
  readBits(length: number): number {
    while (this.#count < length) {
      const byte = this.#bytes[this.#position];
      if (byte === undefined) throw new Unreadable("its compressed bytes are cut off");
      this.#position++;
      this.#bits = ((this.#bits << 8) | byte) >>> 0;
      this.#count += 8;
    }
    this.#count -= length;
    const value = this.#bits >>> this.#count;
    this.#bits &= (1 << this.#count) - 1;
    return value & ((1 << length) - 1);
  }

  readBit(): number {
    return this.readBits(1);
  }

  readUint32(): number {
    return ((this.readBits(16) << 16) | this.readBits(16)) >>> 0;
  }
}
