import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary file whose name is gone as soon as it is open: it goes with its process, however that ends. */
export class UnnamedFile {
  readonly #descriptor: number;
  #length = 0;
  #isClosed = false;

  /** Errors: those of the file system. */
  constructor() {
    const path = join(tmpdir(), `beam2spark-${randomUUID()}`);
    this.#descriptor = openSync(path, "wx+", 0o600);
    unlinkSync(path);
  }

  get length(): number {
    return this.#length;
  }

  /** Writes bytes at the end. @returns where they begin. Errors: those of the file system, such as a full disk. */
  append(bytes: Uint8Array): number {
    const start = this.#length;
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, start + done);
    }
    this.#length += bytes.length;
    return start;
  }

  /** Bytes that were written. Errors: those of the file system. */
  read(start: number, length: number): Uint8Array {
    // The number of its descriptor may be another file's by now.
    if (this.#isClosed) throw new Error("a temporary file is read that is closed");
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const count = readSync(this.#descriptor, bytes, done, length - done, start + done);
      if (count === 0) throw new Error("a temporary file ends too early");
      done += count;
    }
    return bytes;
  }

  /** Gives the file's space back; it may be called again. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#descriptor);
  }
}
