import { UnnamedFile } from "../files/unnamed-file.js";
import { type AnswerPiece, pieceOf } from "../state/answer-parts.js";

/** Where the encoded values of groups are kept: in memory up to a limit, then in a temporary file without a name. */
export class ValueSpace {
  readonly #limit: number;
  #inMemory = 0;
  #file: UnnamedFile | null = null;
  #isClosed = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Keeps bytes, which are the space's from now on. Errors: those of the file system. */
  keep(bytes: Uint8Array): AnswerPiece {
    if (this.#isClosed) throw new Error("the task was given up");
    if (this.#inMemory + bytes.length <= this.#limit) {
      this.#inMemory += bytes.length;
      return pieceOf(bytes);
    }
    this.#file ??= new UnnamedFile();
    return pieceInFile(this.#file, this.#file.append(bytes), bytes.length);
  }

  /** Drops everything, and keeps nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.clear();
  }

  /** Drops everything that is kept. */
  clear(): void {
    this.#inMemory = 0;
    this.#file?.close();
    this.#file = null;
  }
}

/** A function of its own: in `keep` it would hold on to the bytes, as functions share what is around them. */
function pieceInFile(file: UnnamedFile, start: number, length: number): AnswerPiece {
  return { length, read: () => file.read(start, length) };
}
