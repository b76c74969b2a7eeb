import { UnnamedFile } from "../files/unnamed-file.js";
import type { AnswerPiece } from "../state/answer-parts.js";

/** Where the encoded values of groups are kept: in memory up to a limit, then in a temporary file without a name. */
export class ValueSpace {
  readonly #limit: number;
  #inMemory = 0;
  #file: UnnamedFile | null = null;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Keeps bytes, which are the space's from now on. Errors: those of the file system. */
  keep(bytes: Uint8Array): AnswerPiece {
    const { length } = bytes;
    if (this.#inMemory + length <= this.#limit) {
      this.#inMemory += length;
      return { length, read: () => bytes };
    }
    this.#file ??= new UnnamedFile();
    const file = this.#file;
    const start = file.append(bytes);
    return { length, read: () => file.read(start, length) };
  }

  /** Drops everything that is kept. */
  clear(): void {
    this.#inMemory = 0;
    this.#file?.close();
    this.#file = null;
  }
}
