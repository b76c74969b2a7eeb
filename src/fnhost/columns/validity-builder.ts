/** A bit for each row: whether it has a value. */
export class ValidityBuilder {
  #bits = new Uint8Array(64);
  #length = 0;
  #nullCount = 0;

  push(isValid: boolean): void {
    const at = this.#length++;
    if (at >> 3 === this.#bits.length) {
      const grown = new Uint8Array(this.#bits.length * 2);
      grown.set(this.#bits);
      this.#bits = grown;
    }
    if (isValid) this.#bits[at >> 3]! |= 1 << (at & 7);
    else this.#nullCount++;
  }

  /** The bits, or none where every row has a value; the builder is empty again. */
  finish(): { readonly validity: Uint8Array | null; readonly nullCount: number } {
    const validity = this.#nullCount === 0 ? null : this.#bits.slice(0, (this.#length + 7) >> 3);
    const nullCount = this.#nullCount;
    this.#bits.fill(0, 0, (this.#length + 7) >> 3);
    this.#length = 0;
    this.#nullCount = 0;
    return { validity, nullCount };
  }
}
