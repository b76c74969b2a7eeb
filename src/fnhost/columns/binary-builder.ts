import { ByteWriter } from "../bytes/byte-writer.js";
import type { BuiltColumn } from "./built-column.js";
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

  /** How many values there are. */
  get count(): number {
    return this.#offsets.count;
  }

  end(): void {
    this.#validity.push(true);
    this.#offsets.push(this.out.length);
  }

  /** Ends a value at a place of its own; `noteValid` counts it. */
  endAt(end: number): void {
    this.#offsets.push(end);
  }

  /** Ends values at places of their own; `noteValid` counts them. */
  endAllAt(ends: Int32Array): void {
    this.#offsets.pushAll(ends);
  }

  /** Says that so many values were ended at places of their own. */
  noteValid(count: number): void {
    this.#validity.pushValid(count);
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
