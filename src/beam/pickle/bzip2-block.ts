import type { BitReader } from "./bit-reader.js";
import { type HuffmanTable, readHuffmanTable, readSymbol } from "./bzip2-huffman.js";
import { GrowingBytes } from "./growing-bytes.js";
import { Unreadable } from "./unreadable.js";

const SYMBOLS_PER_SELECTOR = 50;

/**
 * Reads one block after its magic number and checksum, and writes its bytes to `output`. `capacity` is how many
 * bytes the block may have before its runs are written out.
 */
export function readBlock(bits: BitReader, capacity: number, output: GrowingBytes): void {
  if (bits.readBit() === 1) throw new Unreadable("it is compressed by a bzip2 older than 0.9.5");
  const origin = bits.readBits(24);
  const used = readUsedBytes(bits);
  const sorted = readSorted(bits, used, capacity);
  if (origin >= sorted.length) throw new Unreadable("its compressed bytes have a bad start");
  writeUnsorted(sorted, origin, output);
}

/** The byte values that the block has, ascending. */
function readUsedBytes(bits: BitReader): number[] {
  const ranges = bits.readBits(16);
  const used: number[] = [];
  for (let range = 0; range < 16; range++) {
    if ((ranges & (0x8000 >> range)) === 0) continue;
    const members = bits.readBits(16);
    for (let member = 0; member < 16; member++) {
      if ((members & (0x8000 >> member)) !== 0) used.push(range * 16 + member);
    }
  }
  if (used.length === 0) throw new Unreadable("its compressed bytes have an empty block");
  return used;
}

/** Which table holds for each run of 50 symbols. */
function readSelectors(bits: BitReader, tableCount: number): Uint8Array {
  const selectors = new Uint8Array(bits.readBits(15));
  const recent = Uint8Array.from({ length: tableCount }, (_, index) => index);
  for (let index = 0; index < selectors.length; index++) {
    let place = 0;
    while (bits.readBit() === 1) {
      place++;
      if (place >= tableCount) throw new Unreadable("its compressed bytes have a bad selector");
    }
    selectors[index] = moveToFront(recent, place);
  }
  return selectors;
}

/** Undoes the prefix codes, the runs of equal bytes and the move to front: the last column of the sorted block. */
function readSorted(bits: BitReader, used: readonly number[], capacity: number): Uint8Array {
  const tableCount = bits.readBits(3);
  if (tableCount < 2 || tableCount > 6) throw new Unreadable("its compressed bytes have a bad table count");
  const selectors = readSelectors(bits, tableCount);
  const tables: HuffmanTable[] = [];
  for (let index = 0; index < tableCount; index++) tables.push(readHuffmanTable(bits, used.length + 2));

  const endOfBlock = used.length + 1;
  const recent = Uint8Array.from(used);
  const sorted = new GrowingBytes(capacity);
  let runLength = 0;
  let runPlace = 1;
  let table = tables[0] as HuffmanTable;
  for (let position = 0; ; position++) {
    if (position % SYMBOLS_PER_SELECTOR === 0) {
      const selector = selectors[position / SYMBOLS_PER_SELECTOR];
      if (selector === undefined) throw new Unreadable("its compressed bytes have too few selectors");
      table = tables[selector] as HuffmanTable;
    }
    const symbol = readSymbol(bits, table);
    if (symbol < 2) {
      // A run's length is written in the digits 1 and 2, the lowest first.
      if (runPlace > capacity) throw new Unreadable("its compressed bytes have a run longer than a block");
      runLength += runPlace * (symbol + 1);
      runPlace *= 2;
      continue;
    }
    if (runLength > 0) sorted.writeRun(recent[0] as number, runLength);
    runLength = 0;
    runPlace = 1;
    if (symbol === endOfBlock) return sorted.view(0);
    sorted.writeByte(moveToFront(recent, symbol - 1));
  }
}

function moveToFront(recent: Uint8Array, place: number): number {
  const value = recent[place] as number;
  for (let index = place; index > 0; index--) recent[index] = recent[index - 1] as number;
  recent[0] = value;
  return value;
}

/** Undoes the sorting (Burrows-Wheeler) and the first run lengths: four equal bytes, then how many more. */
function writeUnsorted(sorted: Uint8Array, origin: number, output: GrowingBytes): void {
  const successors = findSuccessors(sorted);
  let place = successors[origin] as number;
  let previous = -1;
  let equal = 0;
  for (let count = 0; count < sorted.length; count++) {
    const byte = sorted[place] as number;
    place = successors[place] as number;
    if (equal === 4) {
      output.writeRun(previous, byte);
      equal = 0;
      previous = -1;
      continue;
    }
    equal = byte === previous ? equal + 1 : 1;
    previous = byte;
    output.writeByte(byte);
  }
}

/** For each row of the sorted block the row of the text one byte further on. */
function findSuccessors(sorted: Uint8Array): Uint32Array {
  const next = new Uint32Array(257);
  for (const byte of sorted) next[byte + 1] = (next[byte + 1] as number) + 1;
  for (let byte = 0; byte < 256; byte++) next[byte + 1] = (next[byte + 1] as number) + (next[byte] as number);
  const successors = new Uint32Array(sorted.length);
  for (let index = 0; index < sorted.length; index++) {
    const byte = sorted[index] as number;
    const row = next[byte] as number;
    successors[row] = index;
    next[byte] = row + 1;
  }
  return successors;
}
