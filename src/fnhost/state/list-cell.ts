import { ByteReader } from "../bytes/byte-reader.js";
import type { AnswerPiece } from "./answer-parts.js";
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

/** A cell of an ordered list: elements in the order of their sort keys, then in that of their coming. */
export class ListCell {
  readonly #space: ChunkSpace;
  #entries: Entry[] = [];

  constructor(space: ChunkSpace) {
    this.#space = space;
  }

  /** Adds elements, each its sort key as a varint, and its value after its length. */
  add(data: Uint8Array): void {
    if (data.length === 0) return;
    const of = { chunk: this.#space.add(data), entries: 0 };
    const source = new ByteReader(data);
    while (!source.isAtEnd) {
      const start = source.position;
      source.varint64();
      const sortKey = (BigInt(source.high) << 32n) | BigInt(source.low >>> 0);
      source.skip(source.length());
      this.#entries.push({ sortKey, of, start, end: source.position });
      of.entries++;
    }
    // The sort is stable: elements of one sort key stay in the order in which they came.
    this.#entries.sort(({ sortKey: left }, { sortKey: right }) => (left < right ? -1 : left > right ? 1 : 0));
  }

  /** The elements of a range, or all. */
  read(range: SortKeyRange | undefined): readonly AnswerPiece[] {
    return this.#entries
      .filter(({ sortKey }) => isWithin(range, sortKey))
      .map(({ of, start, end }) => ({
        length: end - start,
        read: () => this.#space.read(of.chunk).subarray(start, end),
      }));
  }

  /** Removes the elements of a range, or all. */
  clear(range: SortKeyRange | undefined): void {
    const kept: Entry[] = [];
    for (const entry of this.#entries) {
      if (!isWithin(range, entry.sortKey)) kept.push(entry);
      else if (--entry.of.entries === 0) this.#space.drop(entry.of.chunk);
    }
    this.#entries = kept;
  }
}

function isWithin(range: SortKeyRange | undefined, sortKey: bigint): boolean {
  return range === undefined || (sortKey >= range.start && sortKey < range.end);
}
