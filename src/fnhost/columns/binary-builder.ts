import { ByteWriter } from "../bytes/byte-writer.js";
import type { BuiltColumn } from "./column-builder.js";
import { OffsetsBuilder } from "./offsets-builder.js";
import { ValidityBuilder } from "./validity-builder.js";

/** Values of any number of bytes: `out` takes those of the next one, `end` ends it. */
export class BinaryBuilder {
  readonly out = new ByteWriter();
  readonly #offsets = new OffsetsBuilder();
  readonly #validity = new ValidityBuilder();

  get size(): number {
    return this.out.length;
  }

  end(): void {
    this.#validity.push(true);
    this.#offsets.push(this.out.length);
  }

  skip(): void {
    this.#validity.push(false);
    this.#offsets.push(this.out.length);
  }

  finish(): BuiltColumn {
    const offsets = this.#offsets.finish();
    const values = this.out.take();
    return { length: offsets.length - 1, ...this.#validity.finish(), offsets, values, children: [] };
  }
}
