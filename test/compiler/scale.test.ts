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

/** Milliseconds from a pipeline's bytes to a project's files. */
function compileIn(bytes: Uint8Array): number {
  const started = performance.now();
  unwrap(compilePipeline(readBytes(bytes), { target: "pyspark", failOnFallback: false }, materials));
  return performance.now() - started;
}

const shapes = { mixed: mixedPipeline, wide: widePipeline, long: longPipeline, flattens: manyFlattens };

test.each(Object.keys(shapes) as (keyof typeof shapes)[])(
  "%s: twice the transforms take about twice the time",
  (shape) => {
    const make = shapes[shape];
    compileIn(make(200));
    const once = Math.min(...[0, 1].map(() => compileIn(make(1_500))));
    const twice = Math.min(...[0, 1].map(() => compileIn(make(3_000))));
    // A busy machine disturbs both; what grows with the square would be 4 and more.
    expect(twice / once).toBeLessThan(3.5);
  },
);

test("10,000 transforms of all kinds are compiled in seconds", () => {
  // bench/compile_time.py measures it as a process of its own, with the aim of six seconds.
  expect(compileIn(mixedPipeline(10_000))).toBeLessThan(15_000);
});
