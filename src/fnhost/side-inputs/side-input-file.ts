import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { RecordBatchReader } from "apache-arrow";
import { readBatches } from "../arrow/read-batches.js";
import { hex } from "../bytes/hex.js";
import type { BatchColumns } from "../columns/batch-columns.js";

/** What a file ends with: the footer's length (64 bits, the lowest byte first), and this. */
const magic = "b2sside2";
const tailBytes = 16;
const schemaKey = "beam2spark:schema";

interface Footer {
  /** The schema of the rows, as Arrow writes it in front of a stream. */
  readonly schema: Uint8Array;
  readonly offsets: BigInt64Array;
  readonly sizes: BigInt64Array;
  /** The lowest and the highest hash of the keys in each block. */
  readonly firsts: BigInt64Array;
  readonly lasts: BigInt64Array;
  /** The blocks of each window, as the first of them and the one behind the last. */
  readonly windows: ReadonlyMap<string, BlockSpan>;
}

/** Blocks from one (inclusive) to another (exclusive). */
export type BlockSpan = readonly [start: number, end: number];

/**
 * Reads a file of side input rows a block at a time, as `side_input_file.py` has written it: blocks of rows of one
 * window, sorted by window and hash, and a footer that says where they are. The footer is kept, the rows aren't.
 */
export class SideInputFile {
  readonly #path: string;
  #descriptor: number | null = null;
  #known: Footer | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** The blocks of a window. Errors: those of the file system, and an Error where the file isn't whole. */
  span(window: Uint8Array): BlockSpan {
    return this.#footer().windows.get(hex(window)) ?? [0, 0];
  }

  /** The blocks of a window that may have keys of a hash. */
  spanWith(window: Uint8Array, hash: bigint): BlockSpan {
    const { firsts, lasts } = this.#footer();
    let [start, end] = this.span(window);
    // Those whose highest hash is lower come first, those whose lowest is higher last.
    for (let high = end; start < high; ) {
      const middle = (start + high) >>> 1;
      if (lasts[middle]! < hash) start = middle + 1;
      else high = middle;
    }
    for (let low = start; low < end; ) {
      const middle = (low + end) >>> 1;
      if (firsts[middle]! <= hash) low = middle + 1;
      else end = middle;
    }
    return [start, end];
  }

  /** The rows of a block. */
  read(block: number): BatchColumns {
    const { schema, offsets, sizes } = this.#footer();
    const rows = this.#bytes(Number(offsets[block]!), Number(sizes[block]!));
    return readBatches(Buffer.concat([schema, rows]))[0]!;
  }

  /** Gives its descriptor back; the next read opens it again. */
  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #footer(): Footer {
    this.#known ??= this.#readFooter();
    return this.#known;
  }

  #readFooter(): Footer {
    const end = fstatSync(this.#open()).size - tailBytes;
    const tail = end < 0 ? Buffer.alloc(tailBytes) : this.#bytes(end, tailBytes);
    if (tail.toString("latin1", 8) !== magic)
      throw new Error(`${this.#path} is not a whole file of a side input`);
    const size = Number(tail.readBigInt64LE(0));
    const stream = this.#bytes(end - size, size);
    const reader = RecordBatchReader.from(stream).open();
    const schema = Buffer.from(reader.schema.metadata.get(schemaKey) ?? "", "base64");
    const [{ length, columns }] = readBatches(stream) as [BatchColumns];
    const numbers = (name: string): BigInt64Array => {
      const { values, offset } = columns.get(name)!;
      return new BigInt64Array(values!.slice(offset * 8, (offset + length) * 8).buffer);
    };
    return {
      schema,
      offsets: numbers("offset"),
      sizes: numbers("size"),
      firsts: numbers("first"),
      lasts: numbers("last"),
      windows: spansOf(length, columns.get("window")!),
    };
  }

  #open(): number {
    this.#descriptor ??= openSync(this.#path, "r");
    return this.#descriptor;
  }

  #bytes(start: number, size: number): Buffer {
    const bytes = Buffer.allocUnsafe(size);
    for (let done = 0; done < size; ) {
      const count = readSync(this.#open(), bytes, done, size - done, start + done);
      if (count === 0) throw new Error(`${this.#path} ends before its rows do`);
      done += count;
    }
    return bytes;
  }
}

function spansOf(
  length: number,
  { offsets, values, offset }: { offsets: Int32Array | null; values: Uint8Array | null; offset: number },
): ReadonlyMap<string, BlockSpan> {
  const spans = new Map<string, BlockSpan>();
  for (let block = 0; block < length; block++) {
    const window = hex(values!.subarray(offsets![block + offset]!, offsets![block + offset + 1]!));
    spans.set(window, [spans.get(window)?.[0] ?? block, block + 1]);
  }
  return spans;
}
