import { expect, test } from "vitest";
import { compilePipeline } from "../../../src/compiler/compile.js";
import { testMaterials, textOf, unwrap } from "../support/compile-fixture.js";
import { PipelineBuilder, readBytes } from "../support/pipeline-builder.js";

const materials = await testMaterials("scala");

function emit(builder: PipelineBuilder): string {
  const read = readBytes(builder.bytes());
  const project = unwrap(compilePipeline(read, { target: "scala", failOnFallback: false }, materials));
  return textOf(project, "src/main/scala/Job.scala");
}

test("more steps than Java takes in one method are cut into parts, which import what they read", () => {
  const builder = new PipelineBuilder();
  const shape = { outputs: ["kv(utf8,varint)"] };
  const start = builder.parDo("Start", builder.impulse(), shape);
  let rows = start;
  for (let step = 0; step < 300; step++)
    rows = builder.combine(`Sum ${step}`, builder.parDo(`Pair ${step}`, rows, shape), "combine-sum");
  builder.parDo("Sink", rows, { outputs: [] });
  const job = emit(builder);
  expect([...job.matchAll(/^ {4}class (\w+)/gm)].map(([, name]) => name)).toEqual(["Steps1", "Steps2"]);
  expect(job).toMatch(/^ {4}class Steps2 \{\n( {6}import steps1\.\w+\n)+\n {6}\/\/ 401\. /m);
  expect(job).toContain("    val steps1 = new Steps1\n");
  expect(job).toMatch(/^ {4}new Steps2\n {2}\}\n\}\n$/m);
});

test("a union of very many is one call, not a chain of them", () => {
  const builder = new PipelineBuilder();
  const start = builder.impulse();
  const parts = Array.from({ length: 40 }, (_, part) => builder.reshuffle(`Part ${part}`, start));
  builder.parDo("Sink", builder.flatten("All", parts), { outputs: [] });
  const job = emit(builder);
  expect(job).toContain("val allRows = job.union(\n");
  expect(job).not.toContain(".union(part");
});

test("a union of more than Java takes in one call is one of unions, in parts of their own", () => {
  const builder = new PipelineBuilder();
  const start = builder.impulse();
  builder.parDo("Sink", builder.flatten("All", Array<string>(4500).fill(start)), { outputs: [] });
  const job = emit(builder);
  const unions = [...job.matchAll(/^ +val (\w+) = job\.union\(([^)]*)\)/gms)];
  expect(unions.map(([, name, inputs]) => [name, inputs!.split(",").length])).toEqual([
    ["allRows", 1000],
    ["allRows2", 1000],
    ["allRows3", 1000],
    ["allRows4", 1000],
    ["allRows5", 500],
  ]);
  expect(job.replace(/\s+/g, "")).toContain(
    "valallRows6=allRows.union(allRows2).union(allRows3).union(allRows4).union(allRows5)",
  );
  expect([...job.matchAll(/^ {4}class (\w+)/gm)].map(([, name]) => name)).toEqual(["Steps1", "Steps2"]);
});
