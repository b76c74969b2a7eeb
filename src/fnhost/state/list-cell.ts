import { ByteReader } from "../bytes/byte-reader.js";
import type { AnswerPieces } from "./answer-parts.js";
import type { Chunk, ChunkSpace } from "./chunk-space.js";

/** Sort keys from `start` on, and before `end`. */
export interface SortKeyRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** An element of an ordered list: its sort key, and where its bytes are, which have that in front. */
interface Entry {
  readonly sortKey: bigint;
  readonly of: SharedChunk;
  readonly start: number;
  readonly end: number;
}

/** A chunk goes when none of its entries is left. */
interface SharedChunk {
  readonly chunk: Chunk;
  entries: number;
}

/** What an entry takes in memory, wherever its bytes are. */
const entryBytes = 100;

/** A cell of an ordered list: elements in the order of their sort keys, then in that of their coming. */
export class ListCell {
  readonly #space: ChunkSpace;
  readonly #entries: Entry[] = [];

  constructor(space: ChunkSpace) {
    this.#space = space;
  }

  /** Adds elements, each its sort key as a varint, and its value after its length. Errors: those of the file system. */
  add(data: Uint8Array): void {
    if (data.length === 0) return;
    const added = readEntries(data, { chunk: this.#space.add(data), entries: 0 });
    this.#space.count(added.length * entryBytes);
    // The sort is stable: elements of one sort key stay in the order in which they came.
    added.sort(({ sortKey: left }, { sortKey: right }) => (left < right ? -1 : left > right ? 1 : 0));
    const later = this.#entries.splice(this.#find(added[0]!.sortKey + 1n));
    let next = 0;
    for (const entry of added) {
      while (next < later.length && later[next]!.sortKey <= entry.sortKey) this.#entries.push(later[next++]!);
      this.#entries.push(entry);
    }
    while (next < later.length) this.#entries.push(later[next++]!);
  }

  /** The elements of a range, or all. What lies beside each other in a chunk is read at once. */
  read(range: SortKeyRange | undefined): AnswerPieces {
    const [first, last] = this.#findRange(range);
    const entries = this.#entries;
    return {
      count: last - first,
      lengthOf: (piece) => entries[first + piece]!.end - entries[first + piece]!.start,
      read: (start, end) => {
        const parts: Uint8Array[] = [];
        for (let index = first + start; index < first + end; ) {
          const { of, start: from, end: to } = entries[index]!;
          let until = to;
          for (index++; index < first + end; index++) {
            const next = entries[index]!;
            if (next.of !== of || next.start !== until) break;
            until = next.end;
          }
          parts.push(this.#space.read(of.chunk, from, until));
        }
        return parts;
      },
    };
  }

  /** Removes the elements of a range, or all. */
  clear(range: SortKeyRange | undefined): void {
    const [first, last] = this.#findRange(range);
    const removed = this.#entries.splice(first, last - first);
    this.#space.count(-removed.length * entryBytes);
    for (const { of } of removed) if (--of.entries === 0) this.#space.drop(of.chunk);
  }

  #findRange(range: SortKeyRange | undefined): readonly [first: number, last: number] {
    if (range === undefined) return [0, this.#entries.length];
    const first = this.#find(range.start);
    return [first, Math.max(first, this.#find(range.end))];
  }

  /** The number of the first entry whose sort key is not smaller. */
  #find(sortKey: bigint): number {
    let [first, last] = [0, this.#entries.length];
    while (first < last) {
      const middle = (first + last) >>> 1;
      if (this.#entries[middle]!.sortKey < sortKey) first = middle + 1;
      else last = middle;
    }
    return first;
  }
}

function readEntries(data: Uint8Array, of: SharedChunk): Entry[] {
  const entries: Entry[] = [];
  const source = new ByteReader(data);
  while (!source.isAtEnd) {
    const start = source.position;
    source.varint64();
    const sortKey = (BigInt(source.high) << 32n) | BigInt(source.low >>> 0);
    source.skip(source.length());
    entries.push({ sortKey, of, start, end: source.position });
  }
  of.entries = entries.length;
  return entries;
}
