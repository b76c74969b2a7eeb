import type { IntegerEncoding } from "../../beam/recognise/integer-coder.js";
import { type ByteReader, MalformedElementError } from "../bytes/byte-reader.js";
import { ByteWriter } from "../bytes/byte-writer.js";

type Encoding = Exclude<IntegerEncoding, "varint">;

/** Takes an integer of an SDK's own coder with the length before it, into the reader's `low` and `high`. */
export const readInteger: Readonly<Record<Encoding, (source: ByteReader) => void>> = {
  zigzag: (source) => {
    takeVarint(source);
    const sign = -(source.low & 1);
    const low = (source.low >>> 1) | (source.high << 31);
    source.low = low ^ sign;
    source.high = (source.high >>> 1) ^ sign;
  },
  varint32: (source) => {
    takeVarint(source);
    source.high = source.low >> 31;
  },
};

/** Writes an integer, given as halves, in an SDK's own coder with the length before it. */
export const writeInteger: Readonly<Record<Encoding, (low: number, high: number, out: ByteWriter) => void>> =
  {
    zigzag: (low, high, out) => {
      const sign = high >> 31;
      putVarint((low << 1) ^ sign, ((high << 1) | (low >>> 31)) ^ sign, out);
    },
    varint32: (low, _high, out) => putVarint(low, 0, out),
  };

function takeVarint(source: ByteReader): void {
  const end = source.length() + source.position;
  source.varint64();
  if (source.position !== end) throw new MalformedElementError("an integer has another length than it says");
}

const scratch = new ByteWriter(16);

function putVarint(low: number, high: number, out: ByteWriter): void {
  scratch.truncate();
  scratch.varint64(low, high);
  out.byte(scratch.length);
  out.bytes(scratch.peek());
}
