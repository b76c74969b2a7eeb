import { describe, expect, test } from "vitest";
import { describeCombineFn } from "../../src/beam/recognise/combine-fn.js";
import { describeIntegerCoder } from "../../src/beam/recognise/integer-coder.js";
import { describePairing } from "../../src/beam/recognise/pairing.js";

const urn = "beam:go:transform:dofn:v1";
const stats = "github.com/apache/beam/sdks/v2/go/pkg/beam/transforms/stats.";

/** A field with a length, as protobuf writes it. */
function field(number: number, content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length | 0x80, bytes.length >> 7]), bytes]);
}

function spec(fn: Uint8Array): { urn: string; payload: Buffer } {
  const payload = Buffer.concat([field(1, urn), field(2, field(1, fn))]);
  return { urn, payload: Buffer.from(payload.toString("base64")) };
}

const symbol = (name: string) => spec(field(1, field(1, name)));
const registered = (name: string) => {
  const external = Buffer.concat([Buffer.from([8, 26]), field(9, name)]);
  return spec(field(2, Buffer.concat([Buffer.from([8, 24]), field(2, external)])));
};

describe("a Go combiner is known by its symbol", () => {
  test.each([
    ["sumIntFn", "sum", 64],
    ["sumInt8Fn", "sum", 8],
    ["minInt16Fn", "min", 16],
    ["maxInt32Fn", "max", 32],
    ["sumInt64Fn", "sum", 64],
    ["sumFloat64Fn", "ieee-sum", "double"],
    ["maxFloat64Fn", "max", "double"],
  ])("%s", (name, known, numbers) => {
    expect(describeCombineFn(symbol(stats + name))).toEqual({ known, numbers, displayName: `stats.${name}` });
  });

  test("a mean by the name of its type", () => {
    expect(describeCombineFn(registered(`${stats}meanFn`))).toMatchObject({ known: "mean", numbers: "any" });
    expect(describeCombineFn(symbol(`${stats}meanFn`))).toMatchObject({ known: null });
  });
});

describe("others are not known, with the reason", () => {
  test.each([
    [symbol("main.sumIntFn"), "main.sumIntFn is a function of the pipeline's author"],
    [symbol(`${stats}sumUint64Fn`), "stats.sumUint64Fn has no Spark aggregate with just its result"],
    [symbol(`${stats}sumFloat32Fn`), "stats.sumFloat32Fn has no Spark aggregate with just its result"],
    [registered(`${stats}sumIntFn`), "stats.sumIntFn has no Spark aggregate with just its result"],
    [registered("main.meanFn"), "main.meanFn is a function of the pipeline's author"],
    [spec(field(4, field(1, "dynamic"))), "its function has no name"],
    [{ urn, payload: Buffer.from("no base64!") }, "its function has no name"],
    [{ urn, payload: Buffer.from("////") }, "its function has no name"],
    [{ urn, payload: Buffer.alloc(0) }, "its function has no name"],
  ])("%#", (given, reason) => {
    expect(describeCombineFn(given)).toMatchObject({ known: null, reason });
  });
});

describe("Go's function that pairs elements with one", () => {
  test("is known by its symbol", () => {
    expect(describePairing(symbol(`${stats}keyedCountFn`), null)).toBe("one");
  });

  test.each([
    symbol("main.keyedCountFn"),
    symbol(`${stats}countFn`),
    symbol("example.com/github.com/apache/beam/sdks/v2/go/pkg/beam/transforms/stats.keyedCountFn"),
    registered(`${stats}keyedCountFn`),
    { urn, payload: Buffer.from("////") },
  ])("others are not: %#", (given) => {
    expect(describePairing(given, null)).toBe(null);
  });
});

describe("Go's integer coders", () => {
  const coderx = "github.com/apache/beam/sdks/v2/go/pkg/beam/core/runtime/coderx.";
  const coder = (kind: number, encoder: string, decoder: string) => {
    const type = field(2, Buffer.from([8, kind]));
    const parts = [field(1, "varintz"), type, field(3, field(1, encoder)), field(4, field(1, decoder))];
    const payload = Buffer.from(Buffer.concat(parts).toString("base64"));
    return describeIntegerCoder({ urn: "beam:go:coder:custom:v1", payload });
  };

  test("are known by their functions and their type", () => {
    const widths = [2, 3, 4, 5, 6].map((kind) => coder(kind, `${coderx}encVarIntZ`, `${coderx}decVarIntZ`));
    expect(widths).toEqual([64, 8, 16, 32, 64].map((width) => ({ encoding: "zigzag", width })));
  });

  test("others are not", () => {
    expect(coder(11, `${coderx}encVarUintZ`, `${coderx}decVarUintZ`)).toBe(null);
    expect(coder(2, `${coderx}encVarIntZ`, "main.decode")).toBe(null);
    expect(coder(13, `${coderx}encVarIntZ`, `${coderx}decVarIntZ`)).toBe(null);
    expect(describeIntegerCoder({ urn: "beam:go:coder:custom:v1", payload: Buffer.from("////") })).toBe(null);
  });
});
