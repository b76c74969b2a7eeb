import { ByteWriter } from "../bytes/byte-writer.js";
import type { MetadataWriter } from "../columns/encode-elements.js";
import type { Grouping } from "../stage-json.js";

/** The timestamp of a group of rows, of which it has the earliest or the latest. */
export class OwnTime {
  readonly #isEarliest: boolean;
  readonly #bytes = new ByteWriter(8);
  readonly #row = new ByteWriter(8);

  constructor({ timestamp }: Grouping) {
    this.#isEarliest = timestamp === "earliest";
  }

  /** Takes another row's. */
  add(write: MetadataWriter, row: number): void {
    this.#row.truncate();
    write(row, this.#row);
    this.#take(this.#row.peek());
  }

  /** Takes another group's. @returns this */
  merge(other: OwnTime): this {
    this.#take(other.#bytes.peek());
    return this;
  }

  /** Its bytes, as an element has them. */
  get bytes(): Uint8Array {
    return this.#bytes.peek();
  }

  /** Encoded timestamps are in the order of their bytes. */
  #take(bytes: Uint8Array): void {
    const order = this.#bytes.length === 0 ? null : Buffer.compare(bytes, this.#bytes.peek());
    if (order !== null && (this.#isEarliest ? order >= 0 : order <= 0)) return;
    this.#bytes.truncate();
    this.#bytes.bytes(bytes);
  }
}
