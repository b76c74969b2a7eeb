import type { BuiltColumn } from "./built-column.js";
import { ValidityBuilder } from "./validity-builder.js";

/** Values of 64 bits, given as halves. */
export class Fixed64Builder {
  #halves = new Int32Array(1 << 12);
  #length = 0;
  readonly #validity = new ValidityBuilder();

  get size(): number {
    return this.#length * 8;
  }

  push(low: number, high: number): void {
    this.#validity.push(true);
    this.#add(low, high);
  }

  skip(): void {
    this.#validity.push(false);
    this.#add(0, 0);
  }

  finish(): BuiltColumn {
    const length = this.#length;
    const values = new Uint8Array(this.#halves.slice(0, length * 2).buffer);
    this.#length = 0;
    return { length, ...this.#validity.finish(), offsets: null, values, children: [] };
  }

  #add(low: number, high: number): void {
    const at = this.#length * 2;
    if (at === this.#halves.length) {
      const grown = new Int32Array(this.#halves.length * 2);
      grown.set(this.#halves);
      this.#halves = grown;
    }
    this.#halves[at] = low;
    this.#halves[at + 1] = high;
    this.#length++;
  }
}
