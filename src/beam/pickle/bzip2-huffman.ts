import type { BitReader } from "./bit-reader.js";
import { Unreadable } from "./unreadable.js";

const LONGEST_CODE = 20;

/** One of a block's prefix codes in canonical form: codes of one length are consecutive numbers. */
export interface HuffmanTable {
  /** For each code length the first code of that length. */
  readonly first: Int32Array;
  /** For each code length how many codes have it. */
  readonly counts: Int32Array;
  /** For each code length where its symbols begin in `symbols`. */
  readonly offsets: Int32Array;
  /** All symbols, those with shorter codes first. */
  readonly symbols: Uint16Array;
}

/** Reads the code lengths of one table, each as steps from the one before, and orders the codes. */
export function readHuffmanTable(bits: BitReader, symbolCount: number): HuffmanTable {
  const lengths = new Uint8Array(symbolCount);
  const counts = new Int32Array(LONGEST_CODE + 1);
  let length = bits.readBits(5);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    while (true) {
      if (length < 1 || length > LONGEST_CODE) throw new Unreadable("its compressed bytes have a bad code");
      if (bits.readBit() === 0) break;
      length += bits.readBit() === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
    counts[length] = at(counts, length) + 1;
  }
  return orderCodes(lengths, counts);
}

function orderCodes(lengths: Uint8Array, counts: Int32Array): HuffmanTable {
  const first = new Int32Array(LONGEST_CODE + 1);
  const offsets = new Int32Array(LONGEST_CODE + 1);
  for (let length = 1, code = 0, offset = 0; length <= LONGEST_CODE; length++) {
    first[length] = code;
    offsets[length] = offset;
    offset += at(counts, length);
    code = (code + at(counts, length)) << 1;
  }
  const next = offsets.slice();
  const symbols = new Uint16Array(lengths.length);
  for (const [symbol, length] of lengths.entries()) {
    const place = at(next, length);
    symbols[place] = symbol;
    next[length] = place + 1;
  }
  return { first, counts, offsets, symbols };
}

/** Reads one symbol. */
export function readSymbol(bits: BitReader, table: HuffmanTable): number {
  let code = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    code = (code << 1) | bits.readBit();
    const index = code - at(table.first, length);
    if (index >= 0 && index < at(table.counts, length)) {
      return table.symbols[at(table.offsets, length) + index] as number;
    }
  }
  throw new Unreadable("its compressed bytes have a bad code");
}

function at(numbers: Int32Array, index: number): number {
  return numbers[index] as number;
}
