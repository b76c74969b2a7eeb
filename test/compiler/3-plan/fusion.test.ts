import { expect, test } from "vitest";
import { PipelineBuilder } from "../support/pipeline-builder.js";
import { planOf, stagesOf } from "../support/plan-of.js";

const pair = { outputs: ["kv(utf8,varint)"] };
const sink = { outputs: [] };

test("a chain is one stage", () => {
  const builder = new PipelineBuilder();
  builder.parDo("C", builder.parDo("B", builder.parDo("A", builder.impulse())), sink);
  expect(stagesOf(planOf(builder))).toEqual([["A", "B", "C"]]);
});

test("siblings and what follows them are one stage, whatever an SDK's order is", () => {
  const builder = new PipelineBuilder();
  const start = builder.impulse();
  const left = builder.parDo("Left", start);
  const right = builder.parDo("Right", start);
  builder.parDo("LeftSink", left, sink);
  builder.parDo("RightSink", right, sink);
  const stages = stagesOf(planOf(builder));
  expect(stages).toHaveLength(1);
  expect([...stages[0]!].sort()).toEqual(["Left", "LeftSink", "Right", "RightSink"]);
});

test("a group, a reshuffle and a flatten are between stages", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), pair);
  const grouped = builder.parDo("Groups", builder.groupByKey("Group", pairs), pair);
  const spread = builder.parDo("Spread", builder.reshuffle("Reshuffle", grouped), pair);
  builder.parDo("Both", builder.flatten("Flatten", [spread, pairs]), sink);
  expect(stagesOf(planOf(builder))).toEqual([["Pairs"], ["Groups"], ["Spread"], ["Both"]]);
});

test("functions of two environments are two stages", () => {
  const builder = new PipelineBuilder();
  builder.environments.set("other", builder.environments.get("python")!);
  const first = builder.parDo("First", builder.impulse());
  builder.parDo("Second", first, { ...sink, environment: "other" });
  expect(stagesOf(planOf(builder))).toEqual([["First"], ["Second"]]);
});

test("the reader of a side input waits for it: a diamond never becomes a cycle", () => {
  const builder = new PipelineBuilder();
  const start = builder.parDo("Start", builder.impulse());
  const side = builder.parDo("Side", start);
  const main = builder.parDo("Main", start);
  builder.parDo("Both", main, { ...sink, sideInputs: [side] });
  const planned = planOf(builder);
  expect(stagesOf(planned).map((names) => [...names].sort())).toEqual([
    ["Side", "Start"],
    ["Both", "Main"],
  ]);
  const [first, second] = planned.plan.nodes.filter((node) => node.kind === "stage");
  expect(first?.outputs).toHaveLength(2);
  expect(second?.sideInputs.map((use) => use.pcollection)).toEqual([side]);
});

test("what only a waiting function reads waits with it, in its stage", () => {
  const builder = new PipelineBuilder();
  const side = builder.parDo("Side", builder.impulse("Other"));
  const first = builder.parDo("First", builder.impulse("One"));
  const second = builder.parDo("Second", first);
  builder.parDo("Late", second, { ...sink, sideInputs: [side] });
  expect(stagesOf(planOf(builder))).toEqual([["Side"], ["First", "Second", "Late"]]);
});

test("what others read too does not wait", () => {
  const builder = new PipelineBuilder();
  const side = builder.parDo("Side", builder.impulse("Other"));
  const first = builder.parDo("First", builder.impulse("One"), pair);
  builder.parDo("Early", builder.groupByKey("Group", first), sink);
  builder.parDo("Late", first, { ...sink, sideInputs: [side] });
  expect(stagesOf(planOf(builder))).toContainEqual(["First"]);
});

test("operators that nobody reads are dropped; functions stay, for what they do", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), pair);
  builder.reshuffle("Again", builder.groupByKey("Group", pairs));
  builder.flatten("None", []);
  builder.impulse("Alone");
  const { plan } = planOf(builder);
  expect(plan.nodes.map(({ names }) => names)).toEqual([["Impulse"], ["Pairs"]]);
});

test("a stage hands on only what others read", () => {
  const builder = new PipelineBuilder();
  const [read] = builder.parDos("Three", builder.impulse(), { outputs: ["bytes", "bytes", "bytes"] });
  builder.parDo("Reader", read!, sink);
  const [read2] = builder.parDos("Two", builder.impulse("More"), { outputs: [...pair.outputs, "bytes"] });
  builder.parDo("Groups", builder.groupByKey("Group", read2!), sink);
  const outputs = planOf(builder).plan.nodes.flatMap((node) => (node.kind === "stage" ? [node.outputs] : []));
  expect(outputs).toEqual([[], [read2], []]);
});
