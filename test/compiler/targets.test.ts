import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { type PlanOptions, planPipeline } from "../../src/compiler/plan-pipeline.js";
import { listFixtures, readFixture, unwrap } from "./support/compile-fixture.js";
import { PipelineBuilder } from "./support/pipeline-builder.js";

const scala = { target: "scala", failOnFallback: false } as const;

async function readNamed(name: string) {
  return readFixture(listFixtures().find((fixture) => fixture.name === name)!);
}

// They hold combiners that only one target has an aggregate for.
const differing = new Set([
  "packed-combines",
  "quantiles-and-samples",
  "sliding-windows",
  "top-mean-distinct",
]);

const workers = { target: "pyspark", failOnFallback: false, lane: "fn-api" } as const;

test("both targets answer the same logical plan where functions run in workers", async () => {
  const unequal = new Set<string>();
  for (const fixture of listFixtures()) {
    const read = await readFixture(fixture);
    const [here, there] = [scala, workers].map((options) => unwrap(planPipeline(read, options)).plan);
    if (!isDeepStrictEqual(here, there)) unequal.add(fixture.name.replace("-unlifted", ""));
  }
  expect(unequal).toEqual(differing);
});

test("a physical plan has its target's interfaces", async () => {
  const read = await readNamed("word-count");
  const { physicalPlan, planText } = unwrap(planPipeline(read, scala));
  const withoutApis = ({ nodes }: typeof physicalPlan) => nodes.map((node) => ({ ...node, api: "" }));
  expect(withoutApis(physicalPlan)).toEqual(withoutApis(unwrap(planPipeline(read, workers)).physicalPlan));
  expect(physicalPlan.target).toBe("scala");
  expect(planText).toContain("target    scala, batch");
  expect(physicalPlan.nodes.map(({ api }) => api)).toContain("Dataset.transform(stage)");
});

test("a combiner is an aggregate on the target that has one, and runs in phases on the other", async () => {
  const read = await readNamed("top-mean-distinct");
  const aggregatesOf = ({ physicalPlan }: ReturnType<typeof planned>) =>
    physicalPlan.nodes.flatMap((node) => (node.kind === "aggregate" ? [[node.combiner, node.limit]] : []));
  const planned = (options: PlanOptions) => unwrap(planPipeline(read, options));
  expect(aggregatesOf(planned(scala))).toContainEqual(["smallest", 2]);
  const there = planned(workers);
  expect(aggregatesOf(there).filter(([, limit]) => limit !== undefined)).toEqual([]);
  expect(there.planText).toContain("TopCombineFn is known, but Spark's Python API has no aggregate");
});

test("a Scala project says which Python and which Beam its workers have to have", async () => {
  const versions = async (name: string) => {
    const { sdkVersion, pythonVersion } = unwrap(planPipeline(await readNamed(name), scala)).physicalPlan
      .pipeline;
    return [sdkVersion, pythonVersion];
  };
  expect(await versions("word-count")).toEqual(["2.77.0", "3.11"]);
  // They come with their own environment.
  expect(await versions("go-word-count")).toEqual([null, null]);
});

test("functions in Spark's Python workers are not on the Scala target: each reason is said once", () => {
  const builder = new PipelineBuilder();
  const first = builder.parDo("First", builder.impulse("Start"), { outputs: ["any"] });
  builder.parDo("Second", builder.reshuffle("Spread", first), { outputs: [] });
  const refused = planPipeline(builder.read(), { ...scala, lane: "in-process" });
  expect(refused.ok ? [] : refused.diagnostics).toMatchObject([
    { code: "plan/not-on-target", at: { transform: "First" }, why: expect.stringContaining("1 more") },
  ]);
});

test("sources that Python's workers read are not on the Scala target", async () => {
  for (const [name, reason] of [
    ["parquet", "Python's dictionaries"],
    ["bounded-source", "a source of Python's"],
  ] as const) {
    const refused = planPipeline(await readNamed(name), { ...scala, lane: "in-process" });
    const reasons = refused.ok ? [] : refused.diagnostics.map(({ why }) => why);
    expect(
      reasons.some((why) => why.includes(reason)),
      name,
    ).toBe(true);
  }
});
