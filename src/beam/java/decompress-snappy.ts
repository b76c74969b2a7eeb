/** More than a serialized function takes that is worth looking into; a longer one is left alone. */
const LARGEST = 1 << 16;

const header = Buffer.from("\x82SNAPPY\x00", "latin1");
/** The header, and two versions of four bytes. */
const headerLength = header.length + 8;

/**
 * Decompresses a stream as Java's Snappy library frames it: a header, then blocks, each after its length. Null where
 * the bytes are none, or stand for more than 64 KiB. Never throws.
 */
export function decompressSnappy(bytes: Uint8Array): Uint8Array | null {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (source.length < headerLength || !source.subarray(0, header.length).equals(header)) return null;
  const blocks: Uint8Array[] = [];
  let total = 0;
  for (let at = headerLength; at < source.length; ) {
    if (at + 4 > source.length) return null;
    const end = at + 4 + source.readUInt32BE(at);
    if (end > source.length) return null;
    const block = decompressBlock(source.subarray(at + 4, end), LARGEST - total);
    if (block === null) return null;
    blocks.push(block);
    total += block.length;
    at = end;
  }
  return Buffer.concat(blocks);
}

/** A block: its length as a varint, then literal bytes and copies of what came before (Snappy's format description). */
function decompressBlock(block: Buffer, largest: number): Uint8Array | null {
  let at = 0;
  const take = (count: number): number => {
    const value = at + count <= block.length && count > 0 ? block.readUIntLE(at, count) : Number.NaN;
    at += count;
    return value;
  };
  let length = 0;
  for (let shift = 0, more = true; more; shift += 7) {
    const byte = take(1);
    if (!(byte >= 0) || shift > 28) return null;
    length += (byte & 127) * 2 ** shift;
    more = byte > 127;
  }
  if (length > largest) return null;
  const out = Buffer.alloc(length);
  let filled = 0;
  while (at < block.length) {
    const tag = take(1);
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const count = 1 + (short < 60 ? short : take(short - 59));
      if (!(at + count <= block.length && filled + count <= length)) return null;
      out.set(block.subarray(at, at + count), filled);
      at += count;
      filled += count;
      continue;
    }
    const count = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const distance = kind === 1 ? ((tag >> 5) << 8) + take(1) : take(kind === 2 ? 2 : 4);
    if (!(distance > 0 && distance <= filled && filled + count <= length)) return null;
    // What is copied may reach into itself, so that it goes byte by byte.
    for (let index = 0; index < count; index++, filled++) out[filled] = out[filled - distance]!;
  }
  return filled === length ? out : null;
}
