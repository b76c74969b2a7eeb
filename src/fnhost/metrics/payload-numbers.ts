import type { ByteReader } from "../bytes/byte-reader.js";
import type { ByteWriter } from "../bytes/byte-writer.js";

/** Reads and writes one number of a metric's payload (`metrics.proto`: Beam's coders for varint and double). */
export interface PayloadNumber<N> {
  read(source: ByteReader): N;
  write(value: N, out: ByteWriter): void;
  add(first: N, second: N): N;
}

/** Sums wrap around in 64 bits, as those of Beam's cells do: a distribution of timestamps must not fail the job. */
export const integers: PayloadNumber<bigint> = {
  read(source) {
    source.varint64();
    return BigInt.asIntN(64, (BigInt(source.high) << 32n) | BigInt(source.low >>> 0));
  },
  write(value, out) {
    out.varint64(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
  },
  add: (first, second) => BigInt.asIntN(64, first + second),
};

export const doubles: PayloadNumber<number> = {
  read(source) {
    const start = source.skip(8);
    return new DataView(source.source.buffer, source.source.byteOffset + start, 8).getFloat64(0);
  },
  write(value, out) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value);
    out.bytes(bytes);
  },
  add: (first, second) => first + second,
};
