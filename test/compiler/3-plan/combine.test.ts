import { describe, expect, test } from "vitest";
import { PipelineBuilder } from "../support/pipeline-builder.js";
import { nodeNamed, planOf } from "../support/plan-of.js";

/** Combiner, the type of the values, and whether Spark's aggregate gives just Beam's result. */
const decisions: readonly (readonly [captured: string, value: string, native: boolean])[] = [
  ["combine-sum", "varint", true],
  ["combine-sum", "double", true],
  ["combine-sum", "utf8", false],
  ["combine-sum", "bool", false],
  ["combine-sum", "any", false],
  ["combine-sum", "nullable(varint)", false],
  ["combine-sum", "kv(varint,varint)", false],
  ["combine-mean", "varint", true],
  ["combine-mean", "double", true],
  ["combine-mean", "any", false],
  ["combine-min", "varint", true],
  ["combine-min", "utf8", true],
  ["combine-min", "bytes", true],
  ["combine-min", "double", false],
  ["combine-max", "utf8", true],
  ["combine-max", "double", false],
  ["combine-max", "iterable(varint)", false],
  ["combine-count", "any", true],
  ["combine-count", "nullable(utf8)", true],
  ["combine-to-list", "varint", false],
  ["combine-user-lambda", "varint", false],
  ["combine-sum-with-attribute", "varint", false],
];

describe("a combine is a Spark aggregate exactly where that is Beam's result", () => {
  test.each(decisions)("%s of %s: %s", (captured, value, native) => {
    const builder = new PipelineBuilder();
    const pairs = builder.parDo("Pairs", builder.impulse(), { outputs: [`kv(utf8,${value})`] });
    builder.parDo("Sink", builder.combine("Combine", pairs, captured), { outputs: [] });
    const { plan, physicalPlan } = planOf(builder);
    expect(plan.nodes.map(({ kind }) => kind)).toEqual(
      native ? ["impulse", "stage", "combine", "stage"] : ["impulse", "stage", "group-by-key", "stage"],
    );
    expect(physicalPlan.nodes.every(({ reason }) => reason.length > 5)).toBe(true);
  });
});

test("any other CombineFn is precombined before the shuffle, merged and extracted after it", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), { outputs: ["kv(utf8,any)"] });
  builder.parDo("Sink", builder.combine("Total", pairs, "combine-user-lambda"), { outputs: [] });
  const { physicalPlan } = planOf(builder);
  expect(physicalPlan.nodes.map(({ names }) => names)).toEqual([
    ["Impulse"],
    ["Pairs", "Total/Precombine"],
    ["Total/Group"],
    ["Total/Merge", "Total/ExtractOutputs", "Sink"],
  ]);
});

test("the result's layout is what the aggregate makes, whatever the SDK's coder says", () => {
  const builder = new PipelineBuilder();
  const ints = builder.parDo("Ints", builder.impulse(), { outputs: ["kv(utf8,varint)"] });
  const texts = builder.parDo("Texts", builder.impulse("More"), { outputs: ["kv(varint,utf8)"] });
  for (const name of ["sum", "mean", "count"]) {
    builder.parDo(`See ${name}`, builder.combine(name, ints, `combine-${name}`), { outputs: [] });
  }
  builder.parDo("See max", builder.combine("max", texts, "combine-max"), { outputs: [] });
  const planned = planOf(builder);
  const resultOf = (name: string) => nodeNamed(planned, "aggregate", name).outputs[0]!.layout.value;
  expect(resultOf("sum")).toEqual({ kind: "kv", key: { kind: "utf8" }, value: { kind: "integer" } });
  expect(resultOf("mean")).toEqual({ kind: "kv", key: { kind: "utf8" }, value: { kind: "quotient" } });
  expect(resultOf("count")).toEqual({ kind: "kv", key: { kind: "utf8" }, value: { kind: "varint" } });
  expect(resultOf("max")).toEqual({ kind: "kv", key: { kind: "varint" }, value: { kind: "utf8" } });
});

test("the stage before folds values of equal keys where it is the only reader's, and never means", () => {
  const fold = (captured: string, alsoRead: boolean) => {
    const builder = new PipelineBuilder();
    const pairs = builder.parDo("Pairs", builder.impulse(), { outputs: ["kv(utf8,varint)"] });
    builder.parDo("Sink", builder.combine("Combine", pairs, captured), { outputs: [] });
    if (alsoRead) builder.parDo("Groups", builder.groupByKey("Group", pairs), { outputs: [] });
    const planned = planOf(builder);
    const { partial } = nodeNamed(planned, "aggregate", "Combine");
    const { combine } = nodeNamed(planned, "stage", "Pairs").outputs[0]!;
    expect(partial).toBe(combine !== null);
    return combine;
  };
  expect(fold("combine-sum", false)).toBe("sum");
  expect(fold("combine-count", false)).toBe("count");
  expect(fold("combine-sum", true)).toBe(null);
  expect(fold("combine-mean", false)).toBe(null);
});

test("a combine with side inputs runs by its parts", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), { outputs: ["kv(utf8,varint)"] });
  const summed = builder.combine("Sum", pairs, "combine-sum");
  const [id] = [...builder.transforms].at(-1)!;
  const composite = builder.transforms.get(id)! as { readonly inputs: ReadonlyMap<string, string> };
  const grouped = builder.groupByKey("Sum/Group", pairs);
  builder.parDo("Sum/Combine", grouped, { outputs: ["any"], sideInputs: [pairs] });
  const parts = [...builder.transforms.keys()].slice(-2);
  const [, part] = [...builder.transforms].at(-1)! as [
    string,
    { readonly outputs: ReadonlyMap<string, string> },
  ];
  builder.transforms.set(id, {
    ...composite,
    inputs: new Map([...composite.inputs, ["side", pairs]]),
    outputs: part.outputs,
    subtransforms: parts,
  });
  for (const one of parts) builder.roots.splice(builder.roots.indexOf(one), 1);
  builder.pcollections.delete(summed);
  const { plan } = planOf(builder);
  expect(plan.declined).toMatchObject([{ name: "Sum", reason: "its CombineFn takes side inputs" }]);
  expect(plan.nodes.map(({ kind }) => kind)).toContain("group-by-key");
});
