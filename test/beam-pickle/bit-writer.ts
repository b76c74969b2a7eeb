/** Writes bits, the highest of each byte first. */
export class BitWriter {
  readonly #bits: number[] = [];

  write(value: number, length: number): void {
    for (let place = length - 1; place >= 0; place--) this.#bits.push(Math.floor(value / 2 ** place) % 2);
  }

  /** The bytes, the last one filled up with zeros. */
  finish(): Buffer {
    const bytes = Buffer.alloc(Math.ceil(this.#bits.length / 8));
    for (const [index, bit] of this.#bits.entries()) {
      const byte = index >> 3;
      bytes[byte] = (bytes[byte] as number) | (bit << (7 - (index & 7)));
    }
    return bytes;
  }
}
