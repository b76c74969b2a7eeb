import type { AnswerPiece } from "./answer-parts.js";
import type { Chunk, ChunkSpace } from "./chunk-space.js";

/** A cell of a bag, or of one key of a multimap: elements in the order of their coming. */
export class BagCell {
  readonly #space: ChunkSpace;
  #chunks: Chunk[] = [];

  constructor(space: ChunkSpace) {
    this.#space = space;
  }

  /** Adds elements. Errors: those of the file system. */
  add(data: Uint8Array): void {
    const last = this.#chunks.at(-1);
    if (last === undefined || !this.#space.extend(last, data)) this.#chunks.push(this.#space.add(data));
  }

  /** Its elements. */
  read(): readonly AnswerPiece[] {
    return this.#chunks.map((chunk) => ({ length: chunk.length, read: () => this.#space.read(chunk) }));
  }

  clear(): void {
    for (const chunk of this.#chunks) this.#space.drop(chunk);
    this.#chunks = [];
  }
}
