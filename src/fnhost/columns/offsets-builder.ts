/** Where values end: the first begins at 0. */
export class OffsetsBuilder {
  #offsets = new Int32Array(1 << 12);
  #length = 1;

  /** How many values have ended. */
  get count(): number {
    return this.#length - 1;
  }

  push(end: number): void {
    if (this.#length === this.#offsets.length) this.#grow(1);
    this.#offsets[this.#length++] = end;
  }

  pushAll(ends: Int32Array): void {
    if (this.#length + ends.length > this.#offsets.length) this.#grow(ends.length);
    this.#offsets.set(ends, this.#length);
    this.#length += ends.length;
  }

  finish(): Int32Array {
    const finished = this.#offsets.slice(0, this.#length);
    this.#length = 1;
    return finished;
  }

  #grow(needed: number): void {
    const grown = new Int32Array(Math.max(this.#offsets.length * 2, this.#length + needed));
    grown.set(this.#offsets);
    this.#offsets = grown;
  }
}
