import { ByteWriter } from "../bytes/byte-writer.js";
import type { MetadataWriter } from "../columns/encode-elements.js";

/** Tells rows of one key from those of the next, as Beam compares keys: by their bytes. */
export class RunFinder {
  #current = new ByteWriter(64);
  #next = new ByteWriter(64);
  #isEmpty = true;

  /** Takes the next row, of which `write` writes what a run has in common. @returns whether a run begins with it */
  begins(write: MetadataWriter, row: number): boolean {
    this.#next.truncate();
    write(row, this.#next);
    if (!this.#isEmpty && this.#next.equals(this.#current)) return false;
    const next = this.#next;
    this.#next = this.#current;
    this.#current = next;
    this.#isEmpty = false;
    return true;
  }

  /** What the rows of the run have in common, as it is now. */
  get common(): Uint8Array {
    return this.#current.peek();
  }
}
