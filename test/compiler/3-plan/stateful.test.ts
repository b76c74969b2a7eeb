import { expect, test } from "vitest";
import { PipelineBuilder } from "../support/pipeline-builder.js";
import { nodeNamed, planOf, stagesOf } from "../support/plan-of.js";

const pair = { outputs: ["kv(utf8,varint)"] };
const stateful = { ...pair, stateful: true };
const sink = { outputs: [] };

test("a function with state starts a stage, and what follows it joins it", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), pair);
  const first = builder.parDo("First", pairs, stateful);
  const second = builder.parDo("Second", builder.parDo("Between", first, pair), stateful);
  builder.parDo("Sink", second, sink);
  const planned = planOf(builder);
  expect(stagesOf(planned)).toEqual([["Pairs"], ["First", "Between"], ["Second", "Sink"]]);
  expect(nodeNamed(planned, "stage", "First")).toMatchObject({ keyed: true, grouped: null });
  expect(nodeNamed(planned, "stage", "Pairs").keyed).toBe(false);
  expect(nodeNamed(planned, "group", "First").by).toEqual(["key"]);
});

test("functions with state that read the same pairs share the shuffle; one that has none needs it not", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), pair);
  builder.parDo("Left", pairs, { ...sink, stateful: true });
  builder.parDo("Right", pairs, { ...sink, stateful: true, sortedByTime: true });
  builder.parDo("Free", pairs, sink);
  const planned = planOf(builder);
  expect(stagesOf(planned)).toEqual([
    ["Pairs", "Free"],
    ["Left", "Right"],
  ]);
  expect(planned.physicalPlan.nodes.filter((node) => node.kind === "group")).toHaveLength(1);
});

test("the elements of a key and window come in the order of time where that is asked for", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), pair);
  const windowed = builder.windowInto("Fixed", pairs, "fixed");
  builder.parDo("Sorted", windowed, { ...sink, sortedByTime: true });
  const group = nodeNamed(planOf(builder), "group", "Sorted");
  expect(group.by).toEqual(["key", "window_start", "window_end"]);
  expect(group.sort).toEqual(
    ["key", "window_start", "window_end", "timestamp"].map((name) => ({ name, descending: false })),
  );
});

test("a key is shuffled by its coder's bytes where Spark's equality is another", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), { outputs: ["kv(double,varint)"] });
  builder.parDo("Keep", pairs, { ...sink, stateful: true });
  const { value } = nodeNamed(planOf(builder), "stage", "Keep").inputLayout;
  expect(value.kind === "kv" && value.key.kind).toBe("encoded");
});

test("a group that a function with state reads is stored whole first", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), pair);
  builder.parDo("Keep", builder.groupByKey("Group", pairs), { ...sink, stateful: true });
  const planned = planOf(builder);
  expect(nodeNamed(planned, "stage", "Keep")).toMatchObject({ keyed: true, grouped: null });
});

test("stable input is kept in files, and the function reads it from there", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), pair);
  const side = builder.parDo("Side", builder.impulse("Other"));
  builder.parDo("Keep", pairs, { ...sink, stateful: true, stableInput: true, sideInputs: [side] });
  const planned = planOf(builder);
  const spread = nodeNamed(planned, "spread", "Keep/StableInput");
  expect(spread).toMatchObject({ stable: true, materialisation: "checkpoint" });
  const group = nodeNamed(planned, "group", "Keep");
  expect(group.input.node).toBe(spread.id);
  const [reader] = nodeNamed(planned, "stage", "Keep").transforms;
  expect(planned.plan.added.transforms[reader!]?.inputs).toMatchObject({
    in: group.outputs[0]?.pcollection,
    side0: side,
  });
});
