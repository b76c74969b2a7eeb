/** Bytes of a worker that end too early, or are no encoding of what they should be. */
export class MalformedElementError extends Error {
  override readonly name = "MalformedElementError";
}

/** Reads bytes from the front. 64-bit numbers are left as two of 32 bits, in `low` and `high`. */
export class ByteReader {
  readonly source: Uint8Array;
  position: number;
  readonly end: number;
  /** The halves of the 64-bit number that was read last. */
  low = 0;
  high = 0;

  constructor(source: Uint8Array, start = 0, end = source.length) {
    this.source = source;
    this.position = start;
    this.end = end;
  }

  get isAtEnd(): boolean {
    return this.position >= this.end;
  }

  byte(): number {
    if (this.position >= this.end) throw new MalformedElementError("an element ends too early");
    return this.source[this.position++]!;
  }

  /** Passes over so many bytes. @returns where they begin */
  skip(count: number): number {
    const start = this.position;
    if (count < 0 || start + count > this.end) throw new MalformedElementError("an element ends too early");
    this.position = start + count;
    return start;
  }

  /** A varint that is a length. */
  length(): number {
    this.varint64();
    if (this.high !== 0 || this.low < 0) throw new MalformedElementError("a length of more than 2 GiB");
    return this.low;
  }

  /** A 64-bit number in seven bits a byte, into `low` and `high`. */
  varint64(): void {
    let low = 0;
    let high = 0;
    let shift = 0;
    for (;;) {
      const byte = this.byte();
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else if (shift < 64) high |= bits << (shift - 32);
      else throw new MalformedElementError("a number of more than 64 bits");
      if (byte < 0x80) break;
      shift += 7;
    }
    this.low = low | 0;
    this.high = high | 0;
  }

  /** 32 bits, the highest first, with a sign. */
  int32(): number {
    const at = this.skip(4);
    const { source } = this;
    return (source[at]! << 24) | (source[at + 1]! << 16) | (source[at + 2]! << 8) | source[at + 3]!;
  }

  /** 64 bits, the highest first, into `low` and `high`. */
  int64(): void {
    this.high = this.int32();
    this.low = this.int32();
  }
}
