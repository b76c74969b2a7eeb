/** The bits of each byte's code (RFC 7541, appendix B). Shorter codes come first, and of equal length lower bytes. */
// biome-ignore format: a table
const codeBits: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
];

const longest = 30;

/** Bytes in the order of their codes, and for each length where its bytes begin in that, and its first code. */
const ordered = codeBits.map((_, byte) => byte).sort((a, b) => codeBits[a]! - codeBits[b]! || a - b);
const starts: number[] = [];
const firstCodes: number[] = [];
const counts: number[] = [];
for (let bits = 0, code = 0, start = 0; bits <= longest; bits++) {
  const count = codeBits.filter((length) => length === bits).length;
  starts.push(start);
  counts.push(count);
  firstCodes.push(code);
  start += count;
  code = (code + count) * 2;
}

/** Text in HPACK's Huffman code. Errors: an Error for bytes that are none. */
export function decodeHuffman(bytes: Uint8Array): string {
  const decoded: number[] = [];
  let code = 0;
  let bits = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + ((byte >> bit) & 1);
      bits++;
      const index = code - firstCodes[bits]!;
      if (index < counts[bits]!) {
        decoded.push(ordered[starts[bits]! + index]!);
        code = 0;
        bits = 0;
      } else if (bits === longest) throw new Error("a header in no Huffman code");
    }
  }
  // The last byte is filled up with ones.
  if (bits > 7 || code !== 2 ** bits - 1) throw new Error("a header in no Huffman code");
  return Buffer.from(decoded).toString("latin1");
}
