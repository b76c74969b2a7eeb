import { expect, test } from "vitest";
import { MalformedMessageError } from "../../src/beam/protos/malformed.js";
import { ProcessBundleDescriptor } from "../../src/beam/protos/types/bundle.js";
import { LabelledPayload } from "../../src/beam/protos/types/function-spec.js";
import { HistogramValue } from "../../src/beam/protos/types/metrics.js";
import { Components, Pipeline, PTransform } from "../../src/beam/protos/types/pipeline.js";
import { AtomicTypeValue } from "../../src/beam/protos/types/schema.js";
import { Trigger, WindowingStrategy } from "../../src/beam/protos/types/windowing.js";
import { WireReader } from "../../src/beam/protos/wire-reader.js";
import { WireWriter } from "../../src/beam/protos/wire-writer.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A length-delimited field, written by hand. */
function field(number: number, content: Uint8Array): Uint8Array {
  const writer = new WireWriter();
  writer.tag(number, 2);
  writer.delimited(content);
  return writer.finish();
}

const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

test("absent values are proto3's defaults, absent messages are undefined", () => {
  const transform = PTransform.decode(new Uint8Array(0));
  expect(transform).toEqual({
    uniqueName: "",
    spec: undefined,
    subtransforms: [],
    inputs: new Map(),
    outputs: new Map(),
    displayData: [],
    environmentId: "",
    annotations: new Map(),
    unknownFields: [],
  });
  expect(PTransform.encode(transform)).toHaveLength(0);
});

test("unknown fields survive at the top, in nested messages, in repeated ones and in map values", () => {
  const unknown = field(900, text("kept"));
  const transform = join(field(1, join(field(1, text("urn")), unknown)), field(6, unknown), unknown);
  const entry = join(field(1, text("e1")), field(2, transform));
  const bytes = join(field(1, join(field(1, entry), unknown)), unknown);
  const pipeline = Pipeline.decode(bytes);
  expect(pipeline.components?.transforms.get("e1")?.spec?.unknownFields).toEqual([unknown]);
  expect(Pipeline.encode(pipeline)).toEqual(bytes);
});

test("unknown fields of every wire type survive, groups too", () => {
  const number = new WireWriter();
  number.tag(50, 0);
  number.int64(-1n);
  number.tag(51, 1);
  number.double(1.5);
  number.tag(52, 5);
  number.float(1.5);
  number.tag(53, 3);
  number.tag(1, 0);
  number.uint32(7);
  number.tag(53, 4);
  const bytes = number.finish();
  expect(PTransform.encode(PTransform.decode(bytes))).toEqual(bytes);
});

test("unknown enum values survive, negative ones too", () => {
  for (const value of [4711, -1]) {
    const bytes = WindowingStrategy.encode({ outputTime: value });
    expect(WindowingStrategy.decode(bytes).outputTime).toBe(value);
    expect(WindowingStrategy.encode(WindowingStrategy.decode(bytes))).toEqual(bytes);
  }
});

test("a known number with another wire type is an unknown field", () => {
  const writer = new WireWriter();
  writer.tag(5, 0);
  writer.uint32(1);
  const transform = PTransform.decode(writer.finish());
  expect(transform.uniqueName).toBe("");
  expect(PTransform.encode(transform)).toEqual(writer.finish());
});

test("64-bit integers keep all their bits", () => {
  for (const value of [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 32n, -(2n ** 31n) - 1n]) {
    const bytes = WindowingStrategy.encode({ allowedLateness: value });
    expect(WindowingStrategy.decode(bytes).allowedLateness).toBe(value);
  }
});

test("packed and unpacked lists of numbers read the same", () => {
  const packed = HistogramValue.encode({ bucketCounts: [1n, 300n, -1n] });
  const unpacked = new WireWriter();
  for (const count of [1n, 300n, -1n]) {
    unpacked.tag(3, 0);
    unpacked.int64(count);
  }
  expect(HistogramValue.decode(packed).bucketCounts).toEqual([1n, 300n, -1n]);
  expect(HistogramValue.decode(unpacked.finish()).bucketCounts).toEqual([1n, 300n, -1n]);
});

test("a oneof member that is set to its default is still set, and the last one wins", () => {
  const zero = LabelledPayload.decode(LabelledPayload.encode({ intValue: 0n }));
  expect(zero.intValue).toBe(0n);
  expect(zero.stringValue).toBeUndefined();
  const both = join(
    LabelledPayload.encode({ stringValue: "a" }),
    LabelledPayload.encode({ boolValue: false }),
  );
  expect(LabelledPayload.decode(both)).toMatchObject({ stringValue: undefined, boolValue: false });
  expect(Object.is(AtomicTypeValue.decode(AtomicTypeValue.encode({ double: -0 })).double, -0)).toBe(true);
});

test("a singular message that comes in pieces is merged", () => {
  const pieces = join(
    PTransform.encode({ spec: { urn: "u" } }),
    PTransform.encode({ spec: { payload: text("p") } }),
  );
  expect(PTransform.decode(pieces).spec).toMatchObject({ urn: "u", payload: text("p") });
});

test("the same content gives the same bytes in any map order", () => {
  const ids = ["b", "__proto__", "a", "constructor", ""];
  const forwards = Components.encode({ coders: new Map(ids.map((id) => [id, { componentCoderIds: [id] }])) });
  const backwards = Components.encode({
    coders: new Map(ids.toReversed().map((id) => [id, { componentCoderIds: [id] }])),
  });
  expect(backwards).toEqual(forwards);
  expect([...Components.decode(forwards).coders.keys()]).toEqual(["", "__proto__", "a", "b", "constructor"]);
  expect(Components.decode(forwards).coders.get("__proto__")?.componentCoderIds).toEqual(["__proto__"]);
  expect(({} as { componentCoderIds?: unknown }).componentCoderIds).toBeUndefined();
});

test("original bytes stand for a message anywhere, byte for byte", () => {
  const odd = join(
    field(5, text("twice")),
    field(5, text("name")),
    field(900, text("x")),
    field(1, field(1, text("u"))),
  );
  const bytes = ProcessBundleDescriptor.encode({
    id: "stage",
    transforms: new Map<string, Uint8Array | { uniqueName: string }>([
      ["original", odd],
      ["made", { uniqueName: "made" }],
    ]),
  });
  expect(Buffer.from(bytes).includes(Buffer.from(odd))).toBe(true);
  const decoded = ProcessBundleDescriptor.decode(bytes);
  expect(decoded.transforms.get("original")).toMatchObject({ uniqueName: "name", spec: { urn: "u" } });
  expect(decoded.transforms.get("made")?.uniqueName).toBe("made");
});

test("strings are Unicode: other bytes are refused, a byte order mark is kept", () => {
  expect(() => PTransform.decode(field(5, new Uint8Array([0xc3, 0x28])))).toThrow(
    "unique_name: a string is not UTF-8",
  );
  const marked = `\uFEFF${"ü".repeat(40)}`;
  expect(PTransform.decode(PTransform.encode({ uniqueName: marked })).uniqueName).toBe(marked);
});

test("damaged bytes are refused with the path of the field", () => {
  const bytes = Pipeline.encode({
    components: { transforms: new Map([["e1", { spec: { urn: "beam:transform:impulse:v1" } }]]) },
  });
  const cut = Buffer.from(bytes);
  cut[cut.length - 26] = 127;
  expect(() => Pipeline.decode(cut)).toThrow(
    'components.transforms["e1"].spec.urn: it ends in the middle of a field',
  );
  for (const hostile of [
    [0x00],
    [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    new Array(11).fill(0x80),
    [0x0f],
    [0x0c],
  ]) {
    expect(() => PTransform.decode(new Uint8Array(hostile))).toThrow(MalformedMessageError);
  }
});

test("messages and groups that nest without end are refused", () => {
  let trigger: Uint8Array = new Uint8Array(0);
  for (let depth = 0; depth < 40; depth++) trigger = Trigger.encode({ repeat: { subtrigger: trigger } });
  expect(Trigger.decode(trigger).repeat).toBeDefined();
  let nested: Uint8Array = new Uint8Array(0);
  for (let depth = 0; depth < 400; depth++) nested = field(11, field(1, nested));
  expect(() => Trigger.decode(nested)).toThrow("messages nest more than 100 deep");
  expect(() => PTransform.decode(new Uint8Array(200_000).fill(0xf3))).toThrow(MalformedMessageError);
});

test("any bytes either decode or are refused in order", () => {
  let seed = 42;
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed;
  };
  let refused = 0;
  for (let round = 0; round < 3_000; round++) {
    const bytes = new Uint8Array(random() % 40).map(() => (random() >> 8) & 255);
    try {
      Pipeline.decode(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedMessageError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(1_000);
});

test("a reader stays within its range", () => {
  const reader = new WireReader(new Uint8Array([1, 2, 3, 4]), 0, 2);
  reader.int32();
  expect(() => reader.float()).toThrow(MalformedMessageError);
});
