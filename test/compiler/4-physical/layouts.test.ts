import { describe, expect, test } from "vitest";
import { columnsOf, ddlOf, stageColumns } from "../../../src/compiler/4-physical/columns.js";
import type { Layout, ValueLayout } from "../../../src/compiler/4-physical/layout.js";
import { PipelineBuilder } from "../support/pipeline-builder.js";
import { nodeNamed, planOf } from "../support/plan-of.js";

const sink = { outputs: [] };
const encoded = (coder: string): ValueLayout => ({ kind: "encoded", coder });

/** A coder, the layout of its values and the columns in which they lie. */
const shapes: readonly (readonly [coder: string, value: ValueLayout, ddl: string])[] = [
  ["bytes", { kind: "bytes" }, "value binary"],
  ["utf8", { kind: "utf8" }, "value string"],
  ["bool", { kind: "bool" }, "value boolean"],
  ["varint", { kind: "varint" }, "value bigint"],
  ["double", { kind: "double" }, "value double"],
  ["any", encoded("any"), "value binary"],
  ["nullable(varint)", { kind: "nullable", value: { kind: "varint" } }, "value bigint"],
  ["nullable(nullable(varint))", encoded("nullable(nullable(varint))"), "value binary"],
  ["nullable(kv(utf8,bool))", encoded("nullable(kv(utf8,bool))"), "value binary"],
  ["iterable(utf8)", { kind: "iterable", element: { kind: "utf8" } }, "value array<string>"],
  ["iterable(any)", { kind: "iterable", element: encoded("any") }, "value array<binary>"],
  [
    "kv(utf8,iterable(double))",
    { kind: "kv", key: { kind: "utf8" }, value: { kind: "iterable", element: { kind: "double" } } },
    "key string, value array<double>",
  ],
  [
    "kv(kv(utf8,bool),any)",
    {
      kind: "kv",
      key: { kind: "kv", key: { kind: "utf8" }, value: { kind: "bool" } },
      value: encoded("any"),
    },
    "key struct<key: string, value: boolean>, value binary",
  ],
];

describe("values lie in typed columns where every part is a standard coder", () => {
  test.each(shapes)("%s", (coder, value, ddl) => {
    const builder = new PipelineBuilder();
    const made = builder.parDo("Make", builder.impulse(), { outputs: [coder] });
    builder.parDo("Sink", made, { ...sink, sideInputs: [made] });
    const { layout } = nodeNamed(planOf(builder), "stage", "Make").outputs[0]!;
    expect(layout.value).toEqual(value);
    expect(ddlOf(columnsOf(layout)).startsWith(ddl)).toBe(true);
  });
});

test("a coder that nests deeper than columns should lies in its bytes", () => {
  const builder = new PipelineBuilder();
  let coder = "utf8";
  for (let depth = 0; depth < 12; depth++) coder = `iterable(${coder})`;
  const made = builder.parDo("Make", builder.impulse(), { outputs: [coder] });
  builder.parDo("Sink", builder.reshuffle("Spread", made), sink);
  const { layout } = nodeNamed(planOf(builder), "spread", "Spread").outputs[0]!;
  expect(ddlOf(columnsOf(layout))).toMatch(/^value (array<){9}binary>{9}/);
});

describe("a key is grouped by its bytes where Spark's equality is not that of the bytes", () => {
  test.each([
    ["utf8", "key string"],
    ["bytes", "key binary"],
    ["varint", "key bigint"],
    ["bool", "key boolean"],
    ["double", "key binary"],
    ["any", "key binary"],
    ["nullable(utf8)", "key binary"],
    ["kv(utf8,utf8)", "key binary"],
  ])("%s: %s", (key, ddl) => {
    const builder = new PipelineBuilder();
    const pairs = builder.parDo("Pairs", builder.impulse(), { outputs: [`kv(${key},varint)`] });
    builder.parDo("Sink", builder.groupByKey("Group", pairs), sink);
    const group = nodeNamed(planOf(builder), "group", "Group");
    expect(ddlOf(columnsOf(group.outputs[0]!.layout))).toBe(`${ddl}, value bigint`);
    expect(group.by).toEqual(["key"]);
  });
});

test("windows are columns of the group, and metadata that nobody reads is not there", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), { outputs: ["kv(utf8,varint)"] });
  const windowed = builder.windowInto("Minutes", pairs, "fixed");
  builder.parDo("Sink", builder.groupByKey("Group", windowed), sink);
  const group = nodeNamed(planOf(builder), "group", "Group");
  expect(group.by).toEqual(["key", "window_start", "window_end"]);
  expect(ddlOf(columnsOf(group.outputs[0]!.layout))).toBe(
    "key string, value bigint, window_start bigint, window_end bigint",
  );
});

test("what only a flatten or a reshuffle reads is written as their reader wants it", () => {
  const builder = new PipelineBuilder();
  const ints = builder.parDo("Ints", builder.impulse("One"), { outputs: ["varint"] });
  const texts = builder.parDo("Texts", builder.impulse("Two"), { outputs: ["utf8"] });
  const spread = builder.reshuffle("Spread", texts, "any");
  builder.parDo("Sink", builder.flatten("Both", [ints, spread], "any"), sink);
  const planned = planOf(builder);
  expect(planned.physicalPlan.nodes.map(({ kind }) => kind).sort()).toEqual(
    ["impulse", "impulse", "spread", "stage", "stage", "stage", "union"].sort(),
  );
  for (const name of ["Ints", "Texts"]) {
    expect(nodeNamed(planned, "stage", name).outputs[0]?.layout.value).toEqual(encoded("any"));
  }
});

test("what others read too, or Spark has made, is decoded and encoded again on its way", () => {
  const builder = new PipelineBuilder();
  const ints = builder.parDo("Ints", builder.impulse("One"), { outputs: ["varint"] });
  builder.parDo("Also", builder.reshuffle("Spread", ints), sink);
  const start = builder.impulse("Two");
  builder.parDo("Sink", builder.flatten("Both", [ints, start], "any"), sink);
  const planned = planOf(builder);
  const transcoded = planned.physicalPlan.nodes.filter(
    (node) => node.kind === "stage" && node.transforms.length === 0,
  );
  expect(transcoded.map(({ names }) => names)).toEqual([["Ints"], ["Two"]]);
  expect(nodeNamed(planned, "impulse", "Two").outputs[0]?.layout.value).toEqual({ kind: "bytes" });
  expect(nodeNamed(planned, "stage", "Ints").outputs[0]?.layout.value).toEqual({ kind: "varint" });
});

test("a native sum is grouped and read as what it is, and encoded only where others must agree with it", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), { outputs: ["kv(utf8,varint)"] });
  const summed = builder.combine("Sum", pairs, "combine-sum");
  builder.parDo("Groups", builder.groupByKey("Group", summed), { ...sink, sideInputs: [summed] });
  builder.parDo(
    "Sink",
    builder.flatten("Both", [summed, builder.parDo("Other", summed, { outputs: ["kv(utf8,any)"] })]),
    sink,
  );
  const planned = planOf(builder);
  const sum: ValueLayout = { kind: "kv", key: { kind: "utf8" }, value: { kind: "integer" } };
  expect(nodeNamed(planned, "group", "Group").outputs[0]?.layout.value).toEqual(sum);
  expect(nodeNamed(planned, "stage", "Groups").sideInputs[0]?.layout.value).toEqual(sum);
  expect(nodeNamed(planned, "stage", "Other").inputLayout.value).toEqual(sum);
  const transcoded = planned.physicalPlan.nodes.filter(
    (node) => node.kind === "stage" && node.transforms.length === 0,
  );
  expect(transcoded).toMatchObject([
    { names: ["Sum"], outputs: [{ layout: { value: { value: encoded("any") } } }] },
  ]);
});

test("a group that one stage reads streams; several readers get it stored whole, once", () => {
  const build = (readers: number) => {
    const builder = new PipelineBuilder();
    const pairs = builder.parDo("Pairs", builder.impulse(), { outputs: ["kv(utf8,varint)"] });
    const grouped = builder.groupByKey("Group", pairs);
    builder.parDo("First", grouped, sink);
    if (readers === 2) builder.parDo("Second", builder.reshuffle("Spread", grouped), sink);
    return planOf(builder);
  };
  expect(nodeNamed(build(1), "stage", "First").grouped).toMatchObject({
    merge: "none",
    timestamp: "end-of-window",
  });
  const { physicalPlan } = build(2);
  const readers = physicalPlan.nodes.filter((node) => node.kind === "stage" && node.grouped);
  expect(readers).toMatchObject([{ transforms: [], materialisation: "persist" }]);
});

test("the columns of a stage: its one output's, several outputs' numbered, or that it is done", () => {
  const layout: Layout = {
    value: { kind: "kv", key: { kind: "utf8" }, value: { kind: "quotient" } },
    timestamp: { kind: "column" },
    window: { kind: "interval" },
    pane: { kind: "column" },
  };
  const plain: Layout = {
    value: { kind: "integer" },
    timestamp: { kind: "dropped" },
    window: { kind: "global" },
    pane: { kind: "constant", bytes: "0f" },
  };
  const one =
    "key string, value struct<total: decimal(38,0), count: bigint>, timestamp bigint, window_start bigint, window_end bigint, pane binary";
  expect(ddlOf(stageColumns([]))).toBe("done boolean");
  expect(ddlOf(stageColumns([{ layout }]))).toBe(one);
  expect(ddlOf(stageColumns([{ layout: plain }, { layout: plain }]))).toBe(
    "output int, o0_value decimal(38,0), o1_value decimal(38,0)",
  );
});
