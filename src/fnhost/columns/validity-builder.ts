/** A bit for each row: whether it has a value. No bits are kept before the first row without one. */
export class ValidityBuilder {
  #bits = new Uint8Array(64);
  #length = 0;
  #nullCount = 0;

  push(isValid: boolean): void {
    const at = this.#length++;
    if (isValid && this.#nullCount === 0) return;
    if (at >> 3 >= this.#bits.length) this.#grow((at >> 3) + 1);
    if (isValid) {
      this.#bits[at >> 3]! |= 1 << (at & 7);
      return;
    }
    if (this.#nullCount === 0) this.#markAll(at);
    this.#nullCount++;
  }

  /** Takes so many rows that have values. */
  pushValid(count: number): void {
    if (this.#nullCount === 0) this.#length += count;
    else for (let row = 0; row < count; row++) this.push(true);
  }

  /** The bits, or none where every row has a value; the builder is empty again. */
  finish(): { readonly validity: Uint8Array | null; readonly nullCount: number } {
    const nullCount = this.#nullCount;
    const used = (this.#length + 7) >> 3;
    const validity = nullCount === 0 ? null : this.#bits.slice(0, used);
    if (nullCount > 0) this.#bits.fill(0, 0, used);
    this.#length = 0;
    this.#nullCount = 0;
    return { validity, nullCount };
  }

  /** Says of so many rows that they have values. */
  #markAll(count: number): void {
    this.#bits.fill(0xff, 0, count >> 3);
    this.#bits[count >> 3] = (1 << (count & 7)) - 1;
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(this.#bits.length * 2, needed));
    grown.set(this.#bits);
    this.#bits = grown;
  }
}
