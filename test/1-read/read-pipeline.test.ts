import { describe, expect, test } from "vitest";
import { ProcessBundleDescriptor } from "../../src/beam/protos/types/bundle.js";
import { Coder, Components, Pipeline, PTransform } from "../../src/beam/protos/types/pipeline.js";
import { flatten, pcollection, smallPipeline } from "../rejected/small-pipeline.js";
import { expectSame } from "./expect-same.js";
import { fixturePipeline, fixturePipelines } from "./fixture-pipelines.js";
import { read, readJson, unwrap } from "./read-bytes.js";

describe("pipelines that Beam made", () => {
  test.each([...fixturePipelines()])("%s is read, each component with its own bytes", (_, bytes) => {
    const { components, originals } = unwrap(read(bytes));
    const whole = Buffer.from(bytes);
    expect([...originals.transforms.keys()]).toEqual([...components.transforms.keys()]);
    for (const [id, original] of originals.transforms) {
      expect(whole.includes(Buffer.from(original))).toBe(true);
      expectSame(PTransform.decode(original), components.transforms.get(id));
    }
    for (const [id, original] of originals.coders)
      expectSame(Coder.decode(original), components.coders.get(id));
    expect(originals.environments.size).toBe(components.environments.size);
    expect(originals.pcollections.size).toBe(components.pcollections.size);
    expect(originals.windowingStrategies.size).toBe(components.windowingStrategies.size);
  });

  test("a stage's descriptor holds the originals byte for byte, unknown fields included", () => {
    const unknown = new Uint8Array([0xa2, 0x38, 2, 104, 105]);
    const pipeline = Pipeline.decode(fixturePipeline("word-count/pipeline"));
    const [id, transform] = [...(pipeline.components?.transforms ?? [])].at(-1) ?? [];
    if (id === undefined || transform === undefined) throw new Error("the fixture is empty");
    const changed = Pipeline.encode({
      ...pipeline,
      components: {
        ...pipeline.components,
        transforms: new Map([
          ...(pipeline.components?.transforms ?? []),
          [id, { ...transform, unknownFields: [unknown] }],
        ]),
      },
    });
    const { originals } = unwrap(read(changed));
    const original = originals.transforms.get(id);
    expect(Buffer.from(original ?? []).includes(Buffer.from(unknown))).toBe(true);
    const descriptor = ProcessBundleDescriptor.encode({ id: "s1", transforms: originals.transforms });
    expect(Buffer.from(descriptor).includes(Buffer.from(original ?? []))).toBe(true);
    expect(ProcessBundleDescriptor.decode(descriptor).transforms.get(id)?.unknownFields).toEqual([unknown]);
  });

  test("the order of maps in the input does not matter", () => {
    const bytes = fixturePipeline("top-mean-distinct/pipeline");
    const components = Pipeline.decode(bytes).components;
    const backwards = [...(components?.transforms ?? [])].reverse().map(([id, transform]) =>
      // Two messages of one field each, written one after another, merge: so each entry lands in the order given here.
      Pipeline.encode({ components: { transforms: new Map([[id, transform]]) } }),
    );
    const shuffled = Buffer.concat([
      ...backwards,
      Pipeline.encode({ ...Pipeline.decode(bytes), components: { ...components, transforms: new Map() } }),
    ]);
    expect(shuffled.equals(bytes)).toBe(false);
    const expected = unwrap(read(bytes));
    const actual = unwrap(read(shuffled));
    expect([...actual.components.transforms.keys()]).toEqual([...expected.components.transforms.keys()]);
    expectSame(Components.encode(actual.components), Components.encode(expected.components));
    expectSame(actual.originals.transforms, expected.originals.transforms);
  });
});

describe("ids that mean something to JavaScript are ids like others", () => {
  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", ""])("%j", (id) => {
    const json = smallPipeline({
      transforms: Object.fromEntries([[id, flatten("Odd", "p1", id)]]),
      pcollections: Object.fromEntries([[id, pcollection("Odd.out")]]),
      roots: ["source", id],
    });
    expect(unwrap(readJson(json)).components.transforms.get(id)?.uniqueName).toBe("Odd");
    const dangling = smallPipeline({ transforms: { odd: flatten("Odd", id, "p1") } });
    expect(readJson(dangling)).toMatchObject({ ok: false });
  });
});
