import { describe, expect, test } from "vitest";
import { checkPhysicalPlan } from "../../../src/compiler/4-physical/check-physical-plan.js";
import type { PhysicalNode, PhysicalPlan } from "../../../src/compiler/4-physical/physical-plan.js";
import { PipelineBuilder } from "../support/pipeline-builder.js";
import { planOf } from "../support/plan-of.js";

/** A plan with a node of every kind that checks look at. */
function makePlan(): PhysicalPlan {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), { outputs: ["kv(utf8,varint)"] });
  const groups = builder.parDo("Groups", builder.groupByKey("Group", pairs), {
    outputs: ["kv(utf8,varint)"],
  });
  const summed = builder.combine("Sum", builder.reshuffle("Spread", groups), "combine-sum");
  const both = builder.flatten("Both", [pairs, groups]);
  builder.parDo("Sink", both, { outputs: [], sideInputs: [summed] });
  return planOf(builder).physicalPlan;
}

type Breaking = (node: PhysicalNode) => PhysicalNode;

const grouping = { name: "Group", merge: "none", timestamp: "end-of-window", windowing: "global" } as const;

const missing = { node: "p99", output: 0 };

/** How a plan is broken by hand, the kind of node that is changed, and what the check says of it. */
const breakings: Readonly<Record<string, readonly [PhysicalNode["kind"], Breaking, RegExp]>> = {
  "an input that nothing makes": [
    "group",
    (node) => ({ ...node, input: missing }) as PhysicalNode,
    /p99, which is not made before it/,
  ],
  "an output that is not there": [
    "union",
    (node) => (node.kind === "union" ? { ...node, inputs: [{ ...node.inputs[0]!, output: 7 }] } : node),
    /has no output 7/,
  ],
  "rows computed twice": [
    "stage",
    (node) => ({ ...node, materialisation: "lazy" }),
    /several nodes would each compute it again/,
  ],
  "another layout than the rows have": [
    "stage",
    (node) =>
      node.kind === "stage"
        ? { ...node, inputLayout: { ...node.inputLayout, value: { kind: "double" } } }
        : node,
    /another layout/,
  ],
  "groups where there are none": [
    "stage",
    (node) => (node.kind === "stage" ? { ...node, grouped: node.grouped === null ? grouping : null } : node),
    /groups are read exactly where an exchange made them/,
  ],
  "a side input that nobody collected": [
    "stage",
    (node) =>
      node.kind === "stage"
        ? { ...node, sideInputs: [{ node: "p1", pcollection: "p1", layout: node.inputLayout }] }
        : node,
    /is not collected before it/,
  ],
  "grouping by a column that is not there": [
    "group",
    (node) => (node.kind === "group" ? { ...node, by: ["key", "window_start"] } : node),
    /columns that its input lacks/,
  ],
  "aggregating by a column that is not there": [
    "aggregate",
    (node) => (node.kind === "aggregate" ? { ...node, by: ["window_end"] } : node),
    /columns that its input lacks/,
  ],
  "a union of other columns": [
    "union",
    (node) =>
      node.kind === "union"
        ? {
            ...node,
            inputs: node.inputs.map((input) => ({
              ...input,
              columns: [{ name: "value", from: "column" as const }],
            })),
          }
        : node,
    /has other columns/,
  ],
};

test("the plan that is broken below is good", () => {
  expect(() => checkPhysicalPlan(makePlan())).not.toThrow();
});

describe("a physical plan that the emitted program could not rely on is a defect with the node's name", () => {
  test.each(Object.entries(breakings))("%s", (_, [kind, change, message]) => {
    const plan = makePlan();
    const problems = plan.nodes
      .filter((node) => node.kind === kind)
      .map((broken) => {
        const nodes = plan.nodes.map((node) => (node === broken ? change(node) : node));
        try {
          checkPhysicalPlan({ ...plan, nodes });
          return "";
        } catch (error) {
          return (error as Error).message;
        }
      });
    expect(
      problems.some((problem) => message.test(problem) && /at p\d+ \(\w+/.test(problem)),
      problems.join("\n"),
    ).toBe(true);
  });

  test("nodes in another order", () => {
    const plan = makePlan();
    expect(() => checkPhysicalPlan({ ...plan, nodes: [...plan.nodes].reverse() })).toThrow(
      /not made before it/,
    );
  });
});
