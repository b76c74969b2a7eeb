/** Where values end: the first begins at 0. */
export class OffsetsBuilder {
  #offsets = new Int32Array(1 << 12);
  #length = 1;

  /** How many values have ended. */
  get count(): number {
    return this.#length - 1;
  }

  push(end: number): void {
    if (this.#length === this.#offsets.length) {
      const grown = new Int32Array(this.#offsets.length * 2);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    this.#offsets[this.#length++] = end;
  }

  finish(): Int32Array {
    const finished = this.#offsets.slice(0, this.#length);
    this.#length = 1;
    return finished;
  }
}
