import { describe, expect, test } from "vitest";
import { DockerPayload } from "../../../src/beam/protos/types/environment.js";
import { PipelineBuilder, pythonEnvironment } from "../support/pipeline-builder.js";
import { nodeNamed, planOf } from "../support/plan-of.js";

interface Changes {
  readonly pairing?: string;
  readonly combiner?: string;
  readonly element?: string;
  readonly key?: string;
  readonly value?: string;
  readonly python?: string;
}

/** Words, each paired with a constant, and counted. */
function counted(changes: Changes = {}): PipelineBuilder {
  const { pairing = "pairing-per-element", combiner = "combine-count", element = "utf8" } = changes;
  const { key = element, value = "any", python = "3.11" } = changes;
  const builder = new PipelineBuilder();
  builder.environments.set("python", pythonEnvironment(python, "2.77.0"));
  const words = builder.parDo("Words", builder.impulse(), { outputs: [element] });
  const pairs = builder.parDo("Pair", words, { outputs: [`kv(${key},${value})`], captured: pairing });
  builder.parDo("Sink", builder.combine("Count", pairs, combiner, "varint"), { outputs: [] });
  return builder;
}

function namesOf(builder: PipelineBuilder): readonly (readonly string[])[] {
  return planOf(builder).plan.nodes.map(({ names }) => names);
}

const asElements = [["Impulse"], ["Words"], ["Pair", "Count"], ["Sink"]];
const asPairs = [["Impulse"], ["Words", "Pair"], ["Count"], ["Sink"]];

describe("a function that only pairs elements for a count goes", () => {
  test.each<Changes>([
    {},
    { element: "kv(utf8,nullable(varint))" },
    { element: "double" },
    { pairing: "pairing-lambda", value: "varint" },
    { pairing: "pairing-lambda", value: "varint", combiner: "combine-sum" },
  ])("%j", (changes) => {
    expect(namesOf(counted(changes))).toEqual(asElements);
  });
});

describe("it stays", () => {
  test.each<Changes>([
    { pairing: "pairing-imitated" },
    { pairing: "pairing-swapped" },
    { element: "utf8", key: "bytes" },
    { element: "any" },
    { element: "kv(utf8,any)" },
    { python: "3.12" },
    { pairing: "pairing-lambda", value: "double", combiner: "combine-sum" },
    { pairing: "pairing-two", value: "varint", combiner: "combine-sum" },
    { pairing: "pairing-lambda", value: "varint", combiner: "combine-max" },
  ])("%j", (changes) => {
    expect(namesOf(counted(changes))).toEqual(asPairs);
  });

  test("where somebody else reads the pairs", () => {
    const builder = counted();
    builder.parDo("Another", "p3", { outputs: [] });
    expect(namesOf(builder)).toEqual([["Impulse"], ["Words", "Pair", "Another"], ["Count"], ["Sink"]]);
  });
});

test("Spark's workers count what they make", () => {
  const aggregate = nodeNamed(planOf(counted()), "aggregate", "Count");
  expect(aggregate).toMatchObject({ by: ["key"], partial: true, elements: false });
});

test("of what others make the elements are grouped", () => {
  const builder = counted();
  const payload = DockerPayload.encode({ containerImage: "example.com/with-more:1" });
  builder.environments.set("python", { ...(pythonEnvironment("3.11", "2.77.0") as object), payload });
  const aggregate = nodeNamed(planOf(builder), "aggregate", "Count");
  expect(aggregate).toMatchObject({ by: ["value"], partial: false, elements: true });
});
