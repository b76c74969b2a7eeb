import { MalformedMessageError, maximumNesting } from "./malformed.js";

/** Wire types, as the protobuf encoding guide numbers them. */
export const WireType = {
  varint: 0,
  fixed64: 1,
  delimited: 2,
  startGroup: 3,
  endGroup: 4,
  fixed32: 5,
} as const;

/** Reads the protobuf wire format out of a range of bytes. Every method throws MalformedMessageError past its end. */
export class WireReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  position: number;
  /** The same bytes as a Buffer, which makes strings fast; nested readers share it. */
  readonly #buffer: Buffer;
  /** The halves of the last varint. */
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length, buffer = asBuffer(bytes)) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.#buffer = buffer;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  /** Reads a field's tag: its number times 8, plus its wire type. */
  tag(): number {
    this.#varint();
    if (this.#high !== 0 || this.#low >>> 3 === 0)
      throw new MalformedMessageError("it has an invalid field tag");
    return this.#low;
  }

  int32(): number {
    this.#varint();
    return this.#low | 0;
  }

  bool(): boolean {
    this.#varint();
    return this.#low !== 0 || this.#high !== 0;
  }

  int64(): bigint {
    this.#varint();
    return this.#high === 0
      ? BigInt(this.#low)
      : BigInt.asIntN(64, (BigInt(this.#high) << 32n) | BigInt(this.#low));
  }

  float(): number {
    return this.#buffer.readFloatLE(this.#take(4));
  }

  double(): number {
    return this.#buffer.readDoubleLE(this.#take(8));
  }

  /** Reads a length and gives that many bytes, a view into the whole. */
  delimited(): Uint8Array {
    const length = this.#length();
    const start = this.#take(length);
    return this.bytes.subarray(start, start + length);
  }

  /** Reads a length and gives a reader over that many bytes. */
  nested(): WireReader {
    const length = this.#length();
    const start = this.#take(length);
    return new WireReader(this.bytes, start, start + length, this.#buffer);
  }

  /** Reads a string; UTF-8 is checked, as proto3 asks. */
  string(): string {
    const length = this.#length();
    const start = this.#take(length);
    return decodeText(this.#buffer, start, start + length);
  }

  /** Passes over the value of a field whose tag was just read, groups included. */
  skip(tag: number): void {
    const groups: number[] = [];
    for (let current = tag; ; current = this.tag()) {
      const number = current >>> 3;
      switch (current & 7) {
        case WireType.varint:
          this.#varint();
          break;
        case WireType.fixed64:
          this.#take(8);
          break;
        case WireType.delimited:
          this.#take(this.#length());
          break;
        case WireType.fixed32:
          this.#take(4);
          break;
        case WireType.startGroup:
          if (groups.length >= maximumNesting) throw new MalformedMessageError("its groups nest too deep");
          groups.push(number);
          break;
        case WireType.endGroup:
          if (groups.pop() !== number) throw new MalformedMessageError("a group ends that did not start");
          break;
        default:
          throw new MalformedMessageError("it has an invalid wire type");
      }
      if (groups.length === 0) return;
    }
  }

  #length(): number {
    this.#varint();
    if (this.#high !== 0) throw new MalformedMessageError("a length reaches past the end");
    return this.#low;
  }

  #take(length: number): number {
    const start = this.position;
    if (length > this.end - start) throw new MalformedMessageError("it ends in the middle of a field");
    this.position = start + length;
    return start;
  }

  #varint(): void {
    const { bytes, end } = this;
    let position = this.position;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (position >= end) throw new MalformedMessageError("it ends in the middle of a field");
      const byte = bytes[position++] as number;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 128) {
        this.position = position;
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    throw new MalformedMessageError("it has a number of more than ten bytes");
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function decodeText(buffer: Buffer, start: number, end: number): string {
  let position = start;
  while (position < end && (buffer[position] as number) < 128) position++;
  if (position === end) return buffer.toString("latin1", start, end);
  try {
    return decoder.decode(buffer.subarray(start, end));
  } catch {
    throw new MalformedMessageError("a string is not UTF-8");
  }
}
