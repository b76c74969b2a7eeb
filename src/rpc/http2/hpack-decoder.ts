import { decodeHuffman } from "./huffman.js";
import { staticTable } from "./static-table.js";

type Header = readonly [name: string, value: string];

/** Bytes that remembered headers may take, each with its overhead: HTTP/2's default, which is not changed. */
const tableBytes = 4096;
const overhead = 32;

/** Reads the headers of one connection (RFC 7541). Errors: an Error for bytes that are none; the connection is lost. */
export class HpackDecoder {
  /** The newest first. */
  readonly #remembered: Header[] = [];
  #size = 0;
  #limit = tableBytes;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** The headers of a block, by name; of several of a name the last. */
  decode(block: Uint8Array): ReadonlyMap<string, string> {
    this.#bytes = block;
    this.#at = 0;
    const headers = new Map<string, string>();
    while (this.#at < block.length) {
      const header = this.#readField(block[this.#at]!);
      if (header !== null) headers.set(...header);
    }
    return headers;
  }

  #readField(first: number): Header | null {
    if (first >= 0x80) return this.#named(this.#readNumber(7));
    if (first >= 0x40) {
      const header = this.#readLiteral(6);
      this.#remember(header);
      return header;
    }
    if (first < 0x20) return this.#readLiteral(4);
    const limit = this.#readNumber(5);
    if (limit > tableBytes) throw new Error("a header table over the limit");
    this.#limit = limit;
    this.#forget(0);
    return null;
  }

  #readLiteral(prefix: number): Header {
    const number = this.#readNumber(prefix);
    const name = number === 0 ? this.#readText() : this.#named(number)[0];
    return [name, this.#readText()];
  }

  #named(number: number): Header {
    const header = staticTable[number - 1] ?? this.#remembered[number - 1 - staticTable.length];
    if (header === undefined) throw new Error("a header that was not remembered");
    return header;
  }

  #remember(header: Header): void {
    const size = header[0].length + header[1].length + overhead;
    this.#forget(size);
    if (size > this.#limit) return;
    this.#remembered.unshift(header);
    this.#size += size;
  }

  /** Makes room for so many bytes. */
  #forget(needed: number): void {
    while (this.#remembered.length > 0 && this.#size + needed > this.#limit) {
      const [name, value] = this.#remembered.pop()!;
      this.#size -= name.length + value.length + overhead;
    }
  }

  #readText(): string {
    const isHuffman = (this.#byteAt(this.#at) & 0x80) !== 0;
    const length = this.#readNumber(7);
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new Error("headers end too early");
    const bytes = this.#bytes.subarray(start, this.#at);
    return isHuffman ? decodeHuffman(bytes) : Buffer.from(bytes).toString("latin1");
  }

  /** A number in the last so many bits of a byte, and in those that follow if it is large. */
  #readNumber(prefix: number): number {
    const mask = (1 << prefix) - 1;
    let number = this.#byteAt(this.#at++) & mask;
    if (number < mask) return number;
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.#byteAt(this.#at++);
      number += (byte & 0x7f) << shift;
      if (byte < 0x80) return number;
    }
    throw new Error("a number over the limit in headers");
  }

  #byteAt(at: number): number {
    const byte = this.#bytes[at];
    if (byte === undefined) throw new Error("headers end too early");
    return byte;
  }
}
