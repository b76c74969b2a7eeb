import { expect, test } from "vitest";
import { compilePipeline } from "../../src/compiler/compile.js";
import { testMaterials, unwrap } from "./support/compile-fixture.js";
import { PipelineBuilder, readBytes } from "./support/pipeline-builder.js";

const materials = await testMaterials();

/** Chains, fan-outs, flattens, groups, combines and side inputs, of so many transforms in all. */
function mixedPipeline(size: number): Uint8Array {
  const builder = new PipelineBuilder();
  const start = builder.parDo("Start", builder.impulse(), { outputs: ["kv(utf8,varint)"] });
  const shape = { outputs: ["kv(utf8,varint)"] };
  let ends: string[] = [];
  for (let block = 0; builder.transforms.size < size; block++) {
    const at = (label: string): string => `Block${block}/${label}`;
    let rows = start;
    for (let step = 0; step < 15; step++) rows = builder.parDo(at(`Step${step}`), rows, shape);
    const grouped = builder.groupByKey(at("Group"), rows);
    const [first, second] = builder.parDos(at("Split"), grouped, {
      outputs: ["kv(utf8,varint)", "any"],
      sideInputs: ends.slice(0, 1),
    });
    const summed = builder.combine(at("Sum"), first!, "combine-sum");
    const counted = builder.combine(
      at("Users"),
      builder.parDo(at("Pair"), second!, shape),
      "combine-user-lambda",
    );
    const both = builder.flatten(at("Both"), [
      builder.parDo(at("Sums"), summed, { outputs: ["any"] }),
      builder.parDo(at("Counts"), counted, { outputs: ["any"] }),
      builder.reshuffle(at("Again"), second!),
    ]);
    ends.push(both);
    if (ends.length === 50) {
      const all = builder.flatten(at("All"), ends);
      builder.parDo(at("Sink"), all, { outputs: [] });
      ends = [all];
    }
  }
  return builder.bytes();
}

function widePipeline(size: number): Uint8Array {
  const builder = new PipelineBuilder();
  const start = builder.impulse();
  const ends: string[] = [];
  while (builder.transforms.size < size) ends.push(builder.parDo("Same name", start));
  builder.parDo("Sink", builder.flatten("All", ends), { outputs: [] });
  return builder.bytes();
}

function longPipeline(size: number): Uint8Array {
  const builder = new PipelineBuilder();
  let rows = builder.impulse();
  while (builder.transforms.size < size) rows = builder.parDo(`Step${builder.transforms.size}`, rows);
  return builder.bytes();
}

function manyFlattens(size: number): Uint8Array {
  const builder = new PipelineBuilder();
  const start = builder.impulse();
  let rows = start;
  while (builder.transforms.size < size) rows = builder.flatten("Flatten", [rows, rows, start]);
  builder.parDo("Sink", rows, { outputs: [] });
  return builder.bytes();
}

/** Milliseconds of work from a pipeline's bytes to a project's files: a busy machine does not lengthen them. */
function workOf(bytes: Uint8Array): number {
  const before = process.cpuUsage();
  unwrap(compilePipeline(readBytes(bytes), { target: "pyspark", failOnFallback: false }, materials));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const shapes = { mixed: mixedPipeline, wide: widePipeline, long: longPipeline, flattens: manyFlattens };

test.each(Object.keys(shapes) as (keyof typeof shapes)[])(
  "%s: four times the transforms are about four times the work",
  (shape) => {
    const make = shapes[shape];
    workOf(make(500));
    const once = Math.min(...[0, 1, 2].map(() => workOf(make(1_000))));
    const fourTimes = Math.min(...[0, 1].map(() => workOf(make(4_000))));
    // What grows with the square would be sixteen times.
    expect(fourTimes / once).toBeLessThan(8);
  },
);

test("10,000 transforms of all kinds are compiled in seconds", () => {
  // bench/compile_time.py measures it as a process of its own, with the aim of six seconds.
  expect(workOf(mixedPipeline(10_000))).toBeLessThan(12_000);
});
