import { UnnamedFile } from "../files/unnamed-file.js";

/** What a chunk in memory takes beside its bytes. */
const overheadBytes = 200;

/** Chunks grow up to this, where more is added to them. */
const grownBytes = 1 << 16;

/** The file is written anew when so many of its bytes, and more than half, belong to no chunk any more. */
const wasteBytes = 64 << 20;

/** Encoded elements of state, one after the other: in memory, or in the file. */
interface Place {
  memory: Uint8Array | null;
  start: number;
}

/** A piece of state; only its space looks inside. */
export class Chunk {
  length = 0;
  readonly place: Place = { memory: null, start: 0 };
}

/** Where a task's state lies: in memory up to a limit, then in a temporary file without a name. */
export class ChunkSpace {
  readonly #limit: number;
  readonly #inFile = new Set<Chunk>();
  #held = 0;
  #inUse = 0;
  #file: UnnamedFile | null = null;
  #isClosed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that the space holds in memory. */
  get held(): number {
    return this.#held;
  }

  /** Keeps a copy of bytes. Errors: those of the file system. */
  add(bytes: Uint8Array): Chunk {
    if (this.#isClosed) throw new Error("the task was given up");
    const chunk = new Chunk();
    chunk.length = bytes.length;
    if (this.#held + bytes.length + overheadBytes <= this.#limit) {
      chunk.place.memory = bytes.slice();
      this.#held += bytes.length + overheadBytes;
      return chunk;
    }
    this.#file ??= new UnnamedFile();
    chunk.place.start = this.#file.append(bytes);
    this.#inUse += bytes.length;
    this.#inFile.add(chunk);
    return chunk;
  }

  /** Adds bytes to a chunk in memory. @returns whether there was room for them */
  extend(chunk: Chunk, bytes: Uint8Array): boolean {
    const { memory } = chunk.place;
    const length = chunk.length + bytes.length;
    if (memory === null || length > grownBytes) return false;
    if (length > memory.length) {
      const capacity = Math.min(grownBytes, Math.max(length, memory.length * 2));
      if (this.#held + capacity - memory.length > this.#limit) return false;
      const grown = new Uint8Array(capacity);
      grown.set(memory.subarray(0, chunk.length));
      chunk.place.memory = grown;
      this.#held += capacity - memory.length;
    }
    chunk.place.memory!.set(bytes, chunk.length);
    chunk.length = length;
    return true;
  }

  /** The bytes of a chunk from `from` on, and before `to`. Errors: those of the file system. */
  read({ length, place: { memory, start } }: Chunk, from = 0, to = length): Uint8Array {
    return memory === null ? this.#file!.read(start + from, to - from) : memory.subarray(from, to);
  }

  /** Counts what is kept in memory of chunks beside them; less than nothing where it goes. */
  count(bytes: number): void {
    this.#held += bytes;
  }

  /** Drops a chunk. Errors: those of the file system. */
  drop(chunk: Chunk): void {
    const { memory } = chunk.place;
    if (memory !== null) {
      this.#held -= memory.length + overheadBytes;
      return;
    }
    this.#inFile.delete(chunk);
    this.#inUse -= chunk.length;
    const { length } = this.#file!;
    if (length - this.#inUse > Math.max(wasteBytes, this.#inUse)) this.#rewrite();
  }

  /** Drops all chunks, and takes none any more. */
  close(): void {
    this.#isClosed = true;
    this.clear();
  }

  /** Drops all chunks, and gives the file's space back. */
  clear(): void {
    this.#inFile.clear();
    this.#held = 0;
    this.#inUse = 0;
    this.#file?.close();
    this.#file = null;
  }

  #rewrite(): void {
    const old = this.#file!;
    this.#file = new UnnamedFile();
    for (const { length, place } of this.#inFile)
      place.start = this.#file.append(old.read(place.start, length));
    old.close();
  }
}
