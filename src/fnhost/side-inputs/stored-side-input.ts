import type { BatchColumns } from "../columns/batch-columns.js";
import type { ColumnData } from "../columns/column-data.js";
import type { StatePart } from "../state-stream.js";
import { hashKey } from "./key-hash.js";
import { PartBuilder, readToken } from "./part-builder.js";
import { createRowWriters } from "./row-writers.js";
import type { SideInput, SideInputForm } from "./side-input.js";
import { SideInputFile } from "./side-input-file.js";

/** So many files of one side input are open at a time. */
const mostOpen = 128;

/** Where the rows of a side input lie that is too large to be sent to every executor. */
export interface StoredRows {
  /** Paths on this machine, in the order in which the rows are read. */
  readonly paths: readonly string[];
  /** Which path has the keys whose hash leaves this remainder by `bucketCount`; null where none is looked up. */
  readonly buckets: ReadonlyMap<number, number> | null;
  readonly bucketCount: number;
}

/** A side input that lies in files: at most a block of rows and an answer are in memory. */
export class StoredSideInput implements SideInput {
  readonly #rows: StoredRows;
  readonly #form: SideInputForm;
  readonly #files: readonly SideInputFile[];
  /** Files that may be open, the one that was used last at the end. */
  readonly #open = new Set<SideInputFile>();

  constructor(rows: StoredRows, form: SideInputForm) {
    this.#rows = rows;
    this.#form = form;
    this.#files = rows.paths.map((path) => new SideInputFile(path));
  }

  elements(window: Uint8Array, token: Uint8Array): StatePart {
    const part = new PartBuilder();
    let [file, block] = token.length === 0 ? [0, 0] : (readToken(token, 2).numbers as [number, number]);
    for (; file < this.#files.length; file++, block = 0) {
      const [start, end] = this.#use(file).span(window);
      for (block = Math.max(block, start); block < end; block++) {
        if (part.isFull) return part.finish([file, block]);
        const rows = this.#files[file]!.read(block);
        const writers = createRowWriters(this.#form, rows);
        for (let row = 0; row < rows.length; row++) {
          writers.key?.(row, part.out, true);
          writers.value(row, part.out, true);
        }
      }
    }
    return part.finish(null);
  }

  values(window: Uint8Array, key: Uint8Array, token: Uint8Array): StatePart {
    const part = new PartBuilder();
    const wanted = hashKey(window, key);
    const count = BigInt(this.#rows.bucketCount);
    const file = this.#buckets().get(Number(((wanted % count) + count) % count));
    if (file === undefined) return part.finish(null);
    const [start, end] = this.#use(file).spanWith(window, wanted);
    let block = token.length === 0 ? start : readToken(token, 1).numbers[0]!;
    for (; block < end; block++) {
      if (part.isFull) return part.finish([block]);
      const rows = this.#files[file]!.read(block);
      const writers = createRowWriters(this.#form, rows);
      const keys = rows.columns.get("key_bytes")!;
      for (let row = 0; row < rows.length; row++)
        if (Buffer.compare(bytesAt(keys, row), key) === 0) writers.value(row, part.out, true);
    }
    return part.finish(null);
  }

  /** Equal keys lie side by side in one file; a part's token has its last key. */
  keys(window: Uint8Array, token: Uint8Array): StatePart {
    const part = new PartBuilder();
    const files = [...this.#buckets().values()];
    let position = 0;
    let block = 0;
    let before: Uint8Array | null = null;
    if (token.length > 0) {
      const { numbers, rest } = readToken(token, 2);
      [position, block] = numbers as [number, number];
      before = rest;
    }
    for (; position < files.length; position++, block = 0, before = null) {
      const file = files[position]!;
      const [start, end] = this.#use(file).span(window);
      for (block = Math.max(block, start); block < end; block++) {
        if (part.isFull) return part.finish([position, block], before ?? undefined);
        before = writeKeys(this.#files[file]!.read(block), before, part);
      }
    }
    return part.finish(null);
  }

  close(): void {
    for (const file of this.#open) file.close();
    this.#open.clear();
  }

  #buckets(): ReadonlyMap<number, number> {
    if (this.#rows.buckets === null) throw new Error("a side input that is only read whole was asked by key");
    return this.#rows.buckets;
  }

  #use(index: number): SideInputFile {
    const file = this.#files[index]!;
    this.#open.delete(file);
    this.#open.add(file);
    if (this.#open.size > mostOpen) {
      const [oldest] = this.#open;
      oldest!.close();
      this.#open.delete(oldest!);
    }
    return file;
  }
}

function writeKeys(rows: BatchColumns, last: Uint8Array | null, part: PartBuilder): Uint8Array | null {
  const keys = rows.columns.get("key_bytes")!;
  let before = last;
  for (let row = 0; row < rows.length; row++) {
    const key = bytesAt(keys, row);
    if (before === null || Buffer.compare(before, key) !== 0) part.out.bytes(key);
    before = key;
  }
  return before;
}

function bytesAt({ offsets, values, offset }: ColumnData, row: number): Uint8Array {
  return values!.subarray(offsets![row + offset]!, offsets![row + offset + 1]!);
}
