import { BitReader } from "./bit-reader.js";
import { readBlock } from "./bzip2-block.js";
import { checksumBlock } from "./bzip2-checksum.js";
import { GrowingBytes } from "./growing-bytes.js";
import { Unreadable } from "./unreadable.js";

const BLOCK_SIZE_STEP = 100_000;

/**
 * Unpacks one bzip2 stream. Throws `Unreadable` for bytes that aren't one, that are damaged, or that unpack to
 * over `limit` bytes; what is unpacked before that is noticed is under the limit too. Time is linear in the
 * input and the limit. Bytes after the stream are ignored.
 */
export function decompressBzip2(bytes: Uint8Array, limit: number): Uint8Array {
  const bits = new BitReader(bytes);
  if (bits.readBits(24) !== 0x425a68) throw new Unreadable("it is not compressed by bzip2");
  const level = bits.readBits(8) - 0x30;
  if (level < 1 || level > 9) throw new Unreadable("its bzip2 header is damaged");
  const output = new GrowingBytes(limit);
  let streamChecksum = 0;
  while (true) {
    const magic = bits.readBits(24) * 0x1000000 + bits.readBits(24);
    const checksum = bits.readUint32();
    if (magic === 0x177245385090) {
      if (checksum !== streamChecksum) throw new Unreadable("its compressed bytes are damaged");
      return output.view(0);
    }
    if (magic !== 0x314159265359) throw new Unreadable("its compressed bytes are damaged");
    const start = output.length;
    readBlock(bits, level * BLOCK_SIZE_STEP, output);
    if (checksumBlock(output.view(start)) !== checksum)
      throw new Unreadable("its compressed bytes are damaged");
    streamChecksum = (((streamChecksum << 1) | (streamChecksum >>> 31)) ^ checksum) >>> 0;
  }
}
