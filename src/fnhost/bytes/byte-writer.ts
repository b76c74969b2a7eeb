import { allocateUnfilled } from "../../rpc/allocate-unfilled.js";
import { blockBytes, giveBack, takeBlock, takeLoopBlock } from "./blocks.js";
import { copyBytes } from "./copy-bytes.js";

/** Bytes that grow at the end. Numbers of 64 bits come as two of 32, low and high, so that none is a bigint. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;
  /** Where blocks come from. */
  #takeBlock = takeBlock;

  constructor(capacity = 1 << 16) {
    this.#bytes = this.#allocate(capacity);
  }

  /** For the loops over plain elements: what is written from now on lies in one of their blocks, until `release`. */
  useLoopBlocks(): void {
    this.#takeBlock = takeLoopBlock;
    this.#moveTo(takeLoopBlock());
  }

  /** Gives its block back, and forgets what was written. It may be used again, in memory of its own. */
  release(): void {
    this.#takeBlock = takeBlock;
    giveBack(this.#bytes);
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
  }

  get length(): number {
    return this.#length;
  }

  /**
   * Everything that was written, as one array of its own; the writer is empty again. Whoever is done with the array may
   * give it back (blocks.ts).
   */
  take(): Uint8Array {
    const length = this.#length;
    this.#length = 0;
    if (length * 2 < this.#bytes.length) return this.#bytes.slice(0, length);
    // Nearly all of it is in use: to give it away costs less than a copy.
    const taken = this.#bytes.subarray(0, length);
    // What a large element has taken is not needed for the next.
    this.#bytes = this.#allocate(Math.min(this.#bytes.length, blockBytes));
    return taken;
  }

  /** Everything that was written, as it is now. */
  peek(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Takes back what was written after the first so many bytes. */
  truncate(length = 0): void {
    this.#length = length;
  }

  /** Where the bytes lie, and what is free behind them, until the next call that writes. */
  get storage(): Uint8Array {
    return this.#bytes;
  }

  /** Says that so many bytes were written to the storage, behind those that were there. */
  advance(count: number): void {
    this.#length += count;
  }

  /** Whether both hold the same bytes. */
  equals(other: ByteWriter): boolean {
    if (this.#length !== other.#length) return false;
    for (let index = 0; index < this.#length; index++)
      if (this.#bytes[index] !== other.#bytes[index]) return false;
    return true;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  bytes(source: Uint8Array): void {
    if (this.#length + source.length > this.#bytes.length) this.#grow(source.length);
    this.#bytes.set(source, this.#length);
    this.#length += source.length;
  }

  /** Bytes `start` (inclusive) to `end` (exclusive) of an array. */
  range(source: Uint8Array, start: number, end: number): void {
    const count = end - start;
    if (this.#length + count > this.#bytes.length) this.#grow(count);
    copyBytes(source, start, end, this.#bytes, this.#length);
    this.#length += count;
  }

  /** A number from 0 to 2^32 - 1 in seven bits a byte, the lowest first. */
  varint32(value: number): void {
    let left = value >>> 0;
    while (left > 0x7f) {
      this.byte((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    this.byte(left);
  }

  /** A 64-bit number, as its two's complement without a sign, in seven bits a byte. */
  varint64(low: number, high: number): void {
    let lower = low >>> 0;
    let upper = high >>> 0;
    while (upper !== 0) {
      this.byte((lower & 0x7f) | 0x80);
      lower = ((lower >>> 7) | (upper << 25)) >>> 0;
      upper >>>= 7;
    }
    this.varint32(lower);
  }

  /** 32 bits, the highest first. */
  int32(value: number): void {
    if (this.#length + 4 > this.#bytes.length) this.#grow(4);
    this.#bytes[this.#length++] = value >>> 24;
    this.#bytes[this.#length++] = value >>> 16;
    this.#bytes[this.#length++] = value >>> 8;
    this.#bytes[this.#length++] = value;
  }

  /** 64 bits, the highest first. */
  int64(low: number, high: number): void {
    this.int32(high);
    this.int32(low);
  }

  #grow(needed: number): void {
    const wanted = this.#length + needed;
    const size = Math.max(this.#bytes.length * 2, wanted);
    this.#moveTo(this.#allocate(wanted <= blockBytes ? Math.min(size, blockBytes) : size));
  }

  #moveTo(memory: Uint8Array): void {
    memory.set(this.#bytes.subarray(0, this.#length));
    giveBack(this.#bytes);
    this.#bytes = memory;
  }

  #allocate(size: number): Uint8Array {
    return size > blockBytes / 2 && size <= blockBytes ? this.#takeBlock() : allocateUnfilled(size);
  }
}
