const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** The checksum that bzip2 keeps of a block: CRC-32 with the highest bit first. */
export function checksumBlock(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (let index = 0; index < bytes.length; index++) {
    value = (value << 8) ^ (table[(value >>> 24) ^ (bytes[index] as number)] as number);
  }
  return ~value >>> 0;
}
