import { describe, expect, test } from "vitest";
import { ByteReader, MalformedElementError } from "../../src/fnhost/bytes/byte-reader.js";
import { ByteWriter } from "../../src/fnhost/bytes/byte-writer.js";
import { readInteger, writeInteger } from "../../src/fnhost/columns/integer-encodings.js";

/** What Go's `encoding/binary.PutVarint` and Beam's `VarInt` in Java write, each after its length. */
const cases = [
  ["zigzag", 0n, "0100"],
  ["zigzag", -1n, "0101"],
  ["zigzag", 1n, "0102"],
  ["zigzag", 300n, "02d804"],
  ["zigzag", -(2n ** 31n), "05ffffffff0f"],
  ["zigzag", 2n ** 32n, "058080808020"],
  ["zigzag", 2n ** 63n - 1n, "0afeffffffffffffffff01"],
  ["zigzag", -(2n ** 63n), "0affffffffffffffffff01"],
  ["varint32", 0n, "0100"],
  ["varint32", 127n, "017f"],
  ["varint32", -1n, "05ffffffff0f"],
  ["varint32", 2n ** 31n - 1n, "05ffffffff07"],
  ["varint32", -(2n ** 31n), "058080808008"],
] as const;

describe("integers in the coders of Go and Java", () => {
  test.each(cases)("%s %s", (encoding, value, hex) => {
    const reader = new ByteReader(Buffer.from(hex, "hex"));
    readInteger[encoding](reader);
    expect((BigInt(reader.high) << 32n) | BigInt(reader.low >>> 0)).toBe(value);
    expect(reader.isAtEnd).toBe(true);
    const out = new ByteWriter();
    writeInteger[encoding](Number(BigInt.asIntN(32, value)), Number(value >> 32n), out);
    expect(Buffer.from(out.take()).toString("hex")).toBe(hex);
  });

  test("an integer that ends before its length, or after it, is malformed", () => {
    for (const hex of ["0200", "018001", "05ff"]) {
      const reader = new ByteReader(Buffer.from(hex, "hex"));
      expect(() => readInteger.zigzag(reader)).toThrow(MalformedElementError);
    }
  });
});
