import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decompressSnappy } from "../../src/beam/java/decompress-snappy.js";
import { readJavaClass } from "../../src/beam/java/read-java-class.js";
import { decodeCombinePayload } from "../../src/beam/payloads/combine.js";
import { Pipeline } from "../../src/beam/protos/types/pipeline.js";
import { describeCombineFn } from "../../src/beam/recognise/combine-fn.js";
import { describeIntegerCoder } from "../../src/beam/recognise/integer-coder.js";
import { URN } from "../../src/beam/urns.js";
import { findPackageRoot } from "../../src/package-root.js";

const fixture = join(findPackageRoot(), "fixtures/java-combines/pipeline.pb");
const { transforms, coders } = Pipeline.decode(readFileSync(fixture)).components!;

/** The CombineFns of the captured program, by the names of their transforms. */
const captured = new Map(
  [...transforms.values()]
    .filter(({ spec }) => spec?.urn === URN.combinePerKey)
    .map(({ uniqueName, spec }) => {
      const payload = decodeCombinePayload(spec!.payload);
      if (!payload.ok) throw new Error(payload.why);
      return [uniqueName, payload.value.combineFn] as const;
    }),
);

describe("a Java combiner is known by its class", () => {
  test.each([
    ["Combine.perKey(SumInteger)", "sum", 32, "Sum$SumIntegerFn"],
    ["Combine.perKey(SumLong)", "sum", 64, "Sum$SumLongFn"],
    ["Combine.perKey(MinInteger)", "min", 32, "Min$MinIntegerFn"],
    ["Combine.perKey(MaxDouble)", "ieee-max", "double", "Max$MaxDoubleFn"],
    ["Combine.perKey(MinDouble)", "ieee-min", "double", "Min$MinDoubleFn"],
    ["Combine.perKey(Mean)", "mean", "any", "Mean$MeanFn"],
    ["Combine.perKey(Count)", "count", "any", "Count$CountFn"],
  ])("%s", (transform, known, numbers, displayName) => {
    expect(describeCombineFn(captured.get(transform)!)).toEqual({ known, numbers, displayName });
  });

  test("others are not", () => {
    expect(describeCombineFn(captured.get("Combine.perKey(Max)")!)).toMatchObject({
      known: null,
      reason: "Max$MaxFn has no Spark aggregate with just its result",
    });
    expect(describeCombineFn(captured.get("Combine.perKey(OwnSum)")!)).toMatchObject({
      known: null,
      reason: "Combines$OwnSum is a class of the pipeline's author",
    });
  });
});

test("of Java's integer coders that of Integer is known", () => {
  const known = [...coders].filter(([, { spec }]) => describeIntegerCoder(spec!) !== null);
  expect(known.map(([id]) => id)).toEqual(["VarIntCoder"]);
  expect(describeIntegerCoder(coders.get("VarIntCoder")!.spec!)).toEqual({ encoding: "varint32", width: 32 });
});

describe("what a payload says is not believed", () => {
  const { urn, payload } = captured.get("Combine.perKey(SumInteger)")!;

  test("cut off or changed anywhere, it is read as something else or not at all", () => {
    for (let end = 0; end < payload.length; end++) {
      expect(describeCombineFn({ urn, payload: payload.subarray(0, end) }).known).toBe(null);
    }
    for (let at = 0; at < payload.length; at++) {
      for (const flip of [1, 0x80, 0xff]) {
        const changed = Uint8Array.from(payload);
        changed[at]! ^= flip;
        describeCombineFn({ urn, payload: changed });
      }
    }
  });

  test("an object with fields, or with more after it, is not plain", () => {
    const stream = Buffer.from(decompressSnappy(payload)!);
    expect(readJavaClass(framed(literal(stream)))).toMatchObject({ isPlain: true });
    expect(readJavaClass(framed(literal(Buffer.concat([stream, Buffer.from([0x70])]))))).toMatchObject({
      isPlain: false,
    });
    const fields = Buffer.from(stream);
    fields[8 + fields.readUInt16BE(6) + 10]! = 1;
    expect(readJavaClass(framed(literal(fields)))).toMatchObject({ isPlain: false });
  });
});

describe("Snappy", () => {
  test("copies may reach into themselves", () => {
    const copies = [
      [0x01, 0x01], // four bytes from one before
      [0x12, 0x02, 0x00], // five bytes from two before
      [0x0f, 0x01, 0x00, 0x00, 0x00], // four bytes from one before
    ].flat();
    const block = Buffer.from([16, 0x08, 0x61, 0x62, 0x63, ...copies]);
    expect(Buffer.from(decompressSnappy(framed(block))!).toString()).toBe("abccccccccccccccc".slice(0, 16));
  });

  test.each([
    ["no header", Buffer.from([1, 0, 0x61])],
    ["a copy from before the start", framed(Buffer.from([5, 0x00, 0x61, 0x01, 0x02]))],
    ["a copy from nowhere", framed(Buffer.from([5, 0x00, 0x61, 0x01, 0x00]))],
    ["a copy that is cut off", framed(Buffer.from([5, 0x00, 0x61, 0x01]))],
    ["more than it says", framed(Buffer.from([1, 0x04, 0x61, 0x62]))],
    ["less than it says", framed(Buffer.from([3, 0x04, 0x61, 0x62]))],
    ["a length without end", framed(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))],
    ["a large block", framed(Buffer.from([0xff, 0xff, 0x7f, 0x00, 0x61]))],
    ["a block that is cut off", framed(literal(Buffer.from("abc"))).subarray(0, 22)],
  ])("%s is no stream of it", (_what, bytes) => {
    expect(decompressSnappy(bytes)).toBe(null);
  });
});

/** A stream of one block. */
function framed(block: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(block.length);
  const header = Buffer.from("\x82SNAPPY\x00\x00\x00\x00\x01\x00\x00\x00\x01", "latin1");
  return Buffer.concat([header, length, block]);
}

/** A block of literal bytes. */
function literal(bytes: Buffer): Buffer {
  const length = Buffer.from([(bytes.length & 0x7f) | 0x80, bytes.length >> 7]);
  const tag = Buffer.from([61 << 2, (bytes.length - 1) & 0xff, (bytes.length - 1) >> 8]);
  return Buffer.concat([length, tag, bytes]);
}
