import { ByteWriter } from "../bytes/byte-writer.js";
import { hex } from "../bytes/hex.js";
import type { StatePart } from "../state-stream.js";
import { PartBuilder, readToken } from "./part-builder.js";

/** A list of 32-bit numbers that grows. */
class Numbers {
  #values = new Uint32Array(1 << 10);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Uint32Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }
}

const none = 0xffffffff;

/** Beyond so many bytes positions have more than 32 bits. */
const mostBytes = 2 ** 32 - 1;

/**
 * Values by window and key, all bytes. Small pairs are many: they lie one after the other, and what finds them takes
 * some 30 bytes for each.
 */
export class MultimapTable {
  readonly #bytes = new ByteWriter(1 << 16);
  readonly #windows = new Map<string, number>();
  /** Of each row: its window, where its key and value begin, where it ends, and the next row of the same key. */
  readonly #window = new Numbers();
  readonly #keyStart = new Numbers();
  readonly #valueStart = new Numbers();
  readonly #end = new Numbers();
  readonly #next = new Numbers();
  /** Of the first row of each key: the last one. */
  readonly #last = new Numbers();
  /** The first rows of keys, where their hashes put them. */
  #slots = new Uint32Array(1 << 10).fill(none);
  #keys = 0;
  /** The first rows of each window's keys, once somebody has asked for them. */
  readonly #firsts = new Map<number, readonly number[]>();

  add(window: Uint8Array, key: Uint8Array, value: Uint8Array): void {
    const row = this.#end.length;
    const number = this.#numberOf(window);
    if (this.#bytes.length + key.length + value.length > mostBytes)
      throw new Error("a side input of more than 4 GiB can't be held in memory");
    this.#window.push(number);
    this.#keyStart.push(this.#bytes.length);
    this.#bytes.bytes(key);
    this.#valueStart.push(this.#bytes.length);
    this.#bytes.bytes(value);
    this.#end.push(this.#bytes.length);
    this.#next.push(none);
    this.#last.push(row);
    if (this.#keys * 2 >= this.#slots.length) this.#grow();
    const slot = this.#slotOf(number, key);
    const first = this.#slots[slot]!;
    if (first === none) {
      this.#slots[slot] = row;
      this.#keys++;
      return;
    }
    this.#next.set(this.#last.at(first), row);
    this.#last.set(first, row);
  }

  values(window: Uint8Array, key: Uint8Array, token: Uint8Array): StatePart {
    const part = new PartBuilder();
    const number = this.#windows.get(hex(window));
    if (number === undefined) return part.finish(null);
    let row = this.#slots[this.#slotOf(number, key)]!;
    if (token.length > 0) row = readToken(token, 1).numbers[0]!;
    const bytes = this.#bytes.peek();
    for (; row < this.#end.length; row = this.#next.at(row)) {
      if (part.isFull) return part.finish([row]);
      part.out.range(bytes, this.#valueStart.at(row), this.#end.at(row));
    }
    return part.finish(null);
  }

  keys(window: Uint8Array, token: Uint8Array): StatePart {
    const part = new PartBuilder();
    const number = this.#windows.get(hex(window));
    const firsts = number === undefined ? [] : this.#firstsOf(number);
    const bytes = this.#bytes.peek();
    let index = token.length === 0 ? 0 : readToken(token, 1).numbers[0]!;
    for (; index < firsts.length; index++) {
      if (part.isFull) return part.finish([index]);
      const row = firsts[index]!;
      part.out.range(bytes, this.#keyStart.at(row), this.#valueStart.at(row));
    }
    return part.finish(null);
  }

  #numberOf(window: Uint8Array): number {
    const id = hex(window);
    const known = this.#windows.get(id);
    if (known !== undefined) return known;
    this.#windows.set(id, this.#windows.size);
    return this.#windows.size - 1;
  }

  #firstsOf(window: number): readonly number[] {
    const known = this.#firsts.get(window);
    if (known !== undefined) return known;
    const firsts: number[] = [];
    for (const row of this.#slots) if (row !== none && this.#window.at(row) === window) firsts.push(row);
    firsts.sort(byNumber);
    this.#firsts.set(window, firsts);
    return firsts;
  }

  /** Where the first row of a key is, or would be. */
  #slotOf(window: number, key: Uint8Array): number {
    const mask = this.#slots.length - 1;
    const bytes = this.#bytes.peek();
    let slot = hashOf(window, key, 0, key.length) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot]!;
      if (row === none || (this.#window.at(row) === window && this.#hasKey(bytes, row, key))) return slot;
    }
  }

  #hasKey(bytes: Uint8Array, row: number, key: Uint8Array): boolean {
    const start = this.#keyStart.at(row);
    if (this.#valueStart.at(row) - start !== key.length) return false;
    for (let index = 0; index < key.length; index++) if (bytes[start + index] !== key[index]) return false;
    return true;
  }

  #grow(): void {
    const before = this.#slots;
    const bytes = this.#bytes.peek();
    const mask = before.length * 2 - 1;
    this.#slots = new Uint32Array(before.length * 2).fill(none);
    for (const row of before) {
      if (row === none) continue;
      const [start, end] = [this.#keyStart.at(row), this.#valueStart.at(row)];
      let slot = hashOf(this.#window.at(row), bytes, start, end) & mask;
      while (this.#slots[slot] !== none) slot = (slot + 1) & mask;
      this.#slots[slot] = row;
    }
  }
}

/** FNV-1a, mixed at the end: keys that differ in their last bytes should not lie side by side. */
function hashOf(window: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 ^ window;
  for (let index = start; index < end; index++) hash = Math.imul(hash ^ bytes[index]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function byNumber(left: number, right: number): number {
  return left - right;
}
