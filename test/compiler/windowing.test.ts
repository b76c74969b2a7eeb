import { describe, expect, test } from "vitest";
import { MergeStatus, OutputTime, SessionWindowsPayload } from "../../src/beam/protos/types/windowing.js";
import { URN } from "../../src/beam/urns.js";
import { columnsOf, ddlOf } from "../../src/compiler/4-physical/columns.js";
import { planPipeline } from "../../src/compiler/plan-pipeline.js";
import { PipelineBuilder, windowing } from "./support/pipeline-builder.js";
import { nodeNamed, planOf } from "./support/plan-of.js";

const pair = { outputs: ["kv(utf8,varint)"] };
const sink = { outputs: [] };
const customFn = { urn: "beam:window_fn:pickled_python:v1", payload: new Uint8Array([1]) };
const sessions = {
  urn: URN.windowFnSession,
  payload: SessionWindowsPayload.encode({ gapSize: { seconds: 10n } }),
};

/** Pairs in windows of a strategy that is like Beam's default but for some changes. */
function inWindows(changes: Parameters<typeof windowing>[0]) {
  const builder = new PipelineBuilder();
  builder.coder("tideCoder", { spec: { urn: "beam:coder:pickled_python:v1" } });
  builder.windowings.set("own", windowing({ windowCoderId: "intervalCoder", ...changes }));
  const pairs = builder.windowInto("Window", builder.parDo("Pairs", builder.impulse(), pair), "own");
  return { builder, pairs };
}

function grouped(changes: Parameters<typeof windowing>[0]) {
  const { builder, pairs } = inWindows(changes);
  builder.parDo("Groups", builder.groupByKey("Group", pairs), sink);
  const planned = planOf(builder);
  return {
    planned,
    group: nodeNamed(planned, "group", "Group"),
    reader: nodeNamed(planned, "stage", "Groups"),
  };
}

describe("windows lie in columns as their coder says, whoever assigns them", () => {
  test("a user's function with intervals", () => {
    const { group, reader } = grouped({ windowFn: customFn });
    expect(group.by).toEqual(["key", "window_start", "window_end"]);
    expect(reader.grouped).toMatchObject({ merge: "none", timestamp: "end-of-window" });
  });

  test("windows that are no intervals, in the bytes of their coder", () => {
    const { group, reader } = grouped({ windowFn: customFn, windowCoderId: "tideCoder" });
    expect(group.by).toEqual(["key", "window"]);
    expect(ddlOf(columnsOf(reader.inputLayout))).toBe("key string, value bigint, window binary");
    expect(reader.inputLayout.window).toEqual({ kind: "encoded", coder: "tideCoder" });
  });

  test("an aggregate in such windows", () => {
    const { builder, pairs } = inWindows({ windowFn: customFn, windowCoderId: "tideCoder" });
    builder.parDo("Sums", builder.combine("Sum", pairs, "combine-sum"), sink);
    const { by, outputs } = nodeNamed(planOf(builder), "aggregate", "Sum");
    expect(by).toEqual(["key", "window"]);
    expect(ddlOf(columnsOf(outputs[0]!.layout))).toBe("key string, value decimal(38,0), window binary");
  });

  test("a flatten that needs the end of such windows has them decoded", () => {
    const { builder, pairs } = inWindows({ windowFn: customFn, windowCoderId: "tideCoder" });
    const summed = builder.reshuffle("Spread", builder.combine("Sum", pairs, "combine-count", "varint"));
    builder.parDo("Sink", builder.flatten("Both", [pairs, summed]), sink);
    const planned = planOf(builder);
    const union = nodeNamed(planned, "union", "Both");
    for (const input of union.inputs) {
      expect(JSON.stringify(input.columns)).not.toContain("window-end");
    }
    const relays = planned.physicalPlan.nodes.filter(
      (node) => node.kind === "stage" && node.transforms.length === 0,
    );
    expect(relays).toHaveLength(1);
  });
});

describe("windows that merge are shuffled by key alone and lie in their order", () => {
  const needsMerge = { mergeStatus: MergeStatus.NEEDS_MERGE };

  test.each([
    ["sessions", sessions],
    ["custom", customFn],
  ])("%s", (merge, windowFn) => {
    const { group, reader } = grouped({ windowFn, ...needsMerge });
    expect(group.by).toEqual(["key"]);
    expect(group.sort.map(({ name }) => name)).toEqual(["key", "window_start", "window_end"]);
    expect(reader.grouped).toEqual({ name: "Group", merge, timestamp: "end-of-window", windowing: "own" });
  });

  test("a known combiner is no aggregate there, and says why", () => {
    const { builder, pairs } = inWindows({ windowFn: sessions, ...needsMerge });
    builder.parDo("Sums", builder.combine("Sum", pairs, "combine-sum"), sink);
    const planned = planOf(builder);
    expect(planned.physicalPlan.nodes.filter(({ kind }) => kind === "aggregate")).toEqual([]);
    expect(nodeNamed(planned, "stage", "Sum/Merge").reason).toMatch(/user functions/);
    expect(JSON.stringify(planned.plan.nodes)).toContain("its windows merge");
  });

  test("windows that have been merged already are not merged again", () => {
    const { reader } = grouped({ windowFn: sessions, mergeStatus: MergeStatus.ALREADY_MERGED });
    expect(reader.grouped?.merge).toBe("none");
  });

  test("a function of another SDK can't merge them where only Spark's Python workers are allowed", () => {
    const { builder, pairs } = inWindows({ windowFn: customFn, ...needsMerge, environmentId: "java" });
    builder.environments.set("java", { urn: URN.environmentExternal, capabilities: [] });
    builder.parDo("Groups", builder.groupByKey("Group", pairs), sink);
    const options = { target: "pyspark", failOnFallback: false, lane: "in-process" } as const;
    const planned = planPipeline(builder.read(), options);
    expect(planned.ok ? [] : planned.diagnostics).toMatchObject([
      { code: "plan/environment-unsupported", at: { transform: "Group" } },
    ]);
  });
});

describe("a group has the timestamp that its windowing strategy says", () => {
  const fixed = { windowFn: customFn };

  test.each([
    [OutputTime.EARLIEST_IN_PANE, "earliest", false],
    [OutputTime.LATEST_IN_PANE, "latest", true],
  ])("%s is the first row's", (outputTime, timestamp, descending) => {
    const { group, reader } = grouped({ ...fixed, outputTime });
    expect(group.sort.at(-1)).toEqual({ name: "timestamp", descending });
    expect(reader.grouped?.timestamp).toBe(timestamp);
    expect(reader.inputLayout.timestamp).toEqual({ kind: "column" });
  });

  test("an aggregate's is one of its rows'", () => {
    const { builder, pairs } = inWindows({ ...fixed, outputTime: OutputTime.LATEST_IN_PANE });
    builder.parDo("Sums", builder.combine("Sum", pairs, "combine-sum"), sink);
    const { timestamp, outputs } = nodeNamed(planOf(builder), "aggregate", "Sum");
    expect(timestamp).toBe("latest");
    expect(outputs[0]!.layout.timestamp).toEqual({ kind: "column" });
  });

  test("what is the same for all stays so, and nobody sorts by it", () => {
    const { builder, pairs } = inWindows(fixed);
    const latest = { ...fixed, windowCoderId: "intervalCoder", outputTime: OutputTime.LATEST_IN_PANE };
    builder.windowings.set("latest", windowing(latest));
    const coder = "kv(utf8,iterable(varint))";
    const [first] = builder.add("First", URN.groupByKey, [pairs], [coder], { windowing: "latest" });
    const second = builder.groupByKey("Second", first!);
    builder.parDo("Groups", second, sink);
    const planned = planOf(builder);
    expect(planned.plan.pcollections[second]?.timestamp).toEqual({ kind: "end-of-window" });
    expect(nodeNamed(planned, "group", "Second").sort.map(({ name }) => name)).not.toContain("timestamp");
  });

  test("where nobody reads it, no column is kept for it", () => {
    const { builder, pairs } = inWindows({ ...fixed, outputTime: OutputTime.EARLIEST_IN_PANE });
    const counted = builder.combine("Count", pairs, "combine-count", "varint");
    builder.parDo("Sink", builder.impulse("Other"), { ...sink, sideInputs: [counted] });
    expect(nodeNamed(planOf(builder), "aggregate", "Count")).toMatchObject({ timestamp: null });
  });
});

test("any trigger fires once: the pane of a group is the first and the last", () => {
  const count = { elementCount: { elementCount: 3 } };
  const { builder, pairs } = inWindows({ windowFn: customFn, trigger: { repeat: { subtrigger: count } } });
  const made = builder.groupByKey("Group", pairs);
  builder.parDo("Groups", made, sink);
  expect(planOf(builder).plan.pcollections[made]?.pane).toEqual({ kind: "constant", bytes: "07" });
});
