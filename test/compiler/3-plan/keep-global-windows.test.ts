import { expect, test } from "vitest";
import { PipelineBuilder } from "../support/pipeline-builder.js";
import { planOf } from "../support/plan-of.js";

type Step = (builder: PipelineBuilder, input: string) => string;

const into =
  (windowing: string): Step =>
  (builder, input) =>
    builder.windowInto(`Into${builder.transforms.size}`, input, windowing);
const calls =
  (captured?: string): Step =>
  (builder, input) =>
    builder.parDo(`Call${builder.transforms.size}`, input, {
      outputs: ["kv(utf8,varint)"],
      ...(captured === undefined ? {} : { captured }),
    });
const group: Step = (builder, input) => builder.groupByKey("Group", input);
const reshuffle: Step = (builder, input) => builder.reshuffle("Reshuffle", input);

/** How many assignments of windows become transforms that hand elements on. */
function countKept(...steps: readonly Step[]): number {
  const builder = new PipelineBuilder();
  const made = steps.reduce((input, step) => step(builder, input), calls()(builder, builder.impulse()));
  builder.parDo("Sink", made, { outputs: [] });
  const { plan } = planOf(builder);
  return Object.values(plan.added.transforms).filter(({ urn }) => urn === "beam:transform:flatten:v1").length;
}

test("elements in the global window stay in it where nobody looks at their panes", () => {
  expect(countKept(into("global"), group)).toBe(1);
  expect(countKept(into("global"), calls("panes-write"), calls("pairing-lambda"), group)).toBe(1);
  expect(countKept(into("global"), into("global"), group)).toBe(1);
});

test("they get their windows anew where somebody may, or where they come from other windows", () => {
  expect(countKept(into("global"))).toBe(0);
  expect(countKept(into("global"), calls(), group)).toBe(0);
  expect(countKept(into("global"), calls("panes-read"), group)).toBe(0);
  expect(countKept(into("global"), reshuffle, group)).toBe(0);
  expect(countKept(into("fixed"), group)).toBe(0);
  expect(countKept(into("fixed"), into("global"), group)).toBe(0);
});
