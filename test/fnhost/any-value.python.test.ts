import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ByteWriter } from "../../src/fnhost/bytes/byte-writer.js";
import { writeFastPrimitive } from "../../src/fnhost/columns/write-fast-primitives.js";
import { findPackageRoot } from "../../src/package-root.js";

const root = findPackageRoot();
const numbers = [0n, -1n, 2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n), -(2n ** 63n) - 1n, 10n ** 38n - 1n];

const program = `
import sys
from apache_beam.coders.coders import FastPrimitivesCoder, LengthPrefixCoder
coder = LengthPrefixCoder(FastPrimitivesCoder())
for number in map(int, sys.argv[1:]):
    print(coder.encode(number).hex())
`;

test("ints of any size have the bytes that Python's coder for any value gives, by which keys are looked up", () => {
  const printed = execFileSync(join(root, ".venv/bin/python"), ["-c", program, ...numbers.map(String)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const values = Buffer.alloc(numbers.length * 16);
  for (const [row, number] of numbers.entries()) {
    values.writeBigUInt64LE(BigInt.asUintN(64, number), row * 16);
    values.writeBigInt64LE(number >> 64n, row * 16 + 8);
  }
  const column = { length: numbers.length, offset: 0, validity: null, offsets: null, values, children: [] };
  const write = writeFastPrimitive({ kind: "integer" }, column);
  const encoded = numbers.map((_, row) => {
    const out = new ByteWriter(64);
    write(row, out, true);
    return Buffer.from(out.take()).toString("hex");
  });
  expect(encoded).toEqual(printed.trim().split("\n"));
});
