import { invariant } from "../../diagnostics/invariant.js";
import { type KnownCombiner, knownCombiners, type LackingCombiners } from "../3-plan/known-combiner.js";
import type { PhysicalNode } from "./physical-plan.js";
import type { Target } from "./target.js";

type Kind = PhysicalNode["kind"];

/** What gives a combiner's result: aggregates of Spark's, a typed `Aggregator` of the runtime, or nothing. */
type CombinerAnswer = "built-in" | "aggregator" | { readonly lacks: string };

/** The Spark API that does a kind of node, or why the target has none. */
type Answer = { readonly api: string } | { readonly lacks: string };

const exchange = "repartition(key).sortWithinPartitions(key)";
const files = "SparkContext.broadcast, or indexed files";
const inPython = "which takes Spark's Python workers";

/** Every target's answer to every kind of node: a new kind or target doesn't compile before it is decided here. */
const answers = {
  pyspark: {
    impulse: { api: "SparkSession.range" },
    "read-text": { api: "DataFrameReader.text" },
    "read-parquet": { api: "DataFrameReader.parquet" },
    "read-data-source": { api: "Python Data Source API (DataSourceV2)" },
    stage: { api: "DataFrame.mapInArrow" },
    group: { api: `DataFrame.${exchange}` },
    aggregate: { api: "DataFrame.groupBy.agg" },
    union: { api: "DataFrame.union" },
    spread: { api: "DataFrame.repartition(n)" },
    "side-input": { api: files },
  },
  scala: {
    impulse: { api: "SparkSession.range" },
    "read-text": { api: "DataSourceV2 (TextTable)" },
    "read-parquet": { lacks: `its rows become Python's dictionaries, ${inPython}` },
    "read-data-source": { lacks: `it is a source of Python's, ${inPython}` },
    stage: { api: "Dataset.transform(stage)" },
    group: { api: `Dataset.${exchange}` },
    aggregate: { api: "Dataset.groupBy.agg" },
    union: { api: "Dataset.union" },
    spread: { api: "Dataset.repartition(n)" },
    "side-input": { api: files },
  },
} as const satisfies Readonly<Record<Target, { readonly [K in Kind]: Answer }>>;

const keeping = "Spark's Python API has no aggregate that keeps a number of values";

/** What both of Spark's APIs have. */
const builtIns = {
  sum: "built-in",
  count: "built-in",
  mean: "built-in",
  min: "built-in",
  max: "built-in",
  "ieee-sum": "built-in",
  "ieee-min": "built-in",
  "ieee-max": "built-in",
} as const;

/** Every target's answer to every combiner: where it has no aggregate for one, the function runs in phases. */
const combiners = {
  pyspark: {
    ...builtIns,
    largest: { lacks: keeping },
    smallest: { lacks: keeping },
  },
  scala: {
    ...builtIns,
    largest: "aggregator",
    smallest: "aggregator",
  },
} as const satisfies Readonly<Record<Target, { readonly [C in KnownCombiner]: CombinerAnswer }>>;

type Answers<T extends Target> = (typeof answers)[T];

/** The kinds of nodes that a target can do. */
export type KindOn<T extends Target> = {
  [K in Kind]: Answers<T>[K] extends { readonly api: string } ? K : never;
}[Kind];

/** Where a stage without functions runs, in a plan that has none at all. */
export const laneWithoutFunctions = {
  pyspark: "in-process",
  scala: "fn-api",
} as const satisfies Readonly<Record<Target, "in-process" | "fn-api">>;

/** The Spark API that does a kind of node on a target; empty where it has none, for plans that are refused. */
export function apiOf(target: Target, kind: Kind): string {
  const answer: Answer = answers[target][kind];
  return "api" in answer ? answer.api : "";
}

/** Why a target can't do a node, or null where it can. */
export function describeLack(
  target: Target,
  { kind, lane }: Pick<PhysicalNode, "kind" | "lane">,
): string | null {
  const answer: Answer = answers[target][kind];
  if ("lacks" in answer) return answer.lacks;
  return target === "scala" && lane === "in-process" ? `its functions run in process, ${inPython}` : null;
}

type CombinerAnswers<T extends Target> = (typeof combiners)[T];

/** The combiners that a target has an aggregate for. */
export type CombinerOn<T extends Target> = {
  [C in KnownCombiner]: CombinerAnswers<T>[C] extends string ? C : never;
}[KnownCombiner];

/** The combiners that a target has no aggregate for, and why. */
export function combinersLackingOn(target: Target): LackingCombiners {
  const lacking = new Map<KnownCombiner, string>();
  for (const combiner of knownCombiners) {
    const answer: CombinerAnswer = combiners[target][combiner];
    if (typeof answer !== "string") lacking.set(combiner, answer.lacks);
  }
  return lacking;
}

/** A combiner of a plan that was made for a target. @throws InvariantError where the target has no aggregate for it */
export function combinerOn<T extends Target>(target: T, combiner: KnownCombiner): CombinerOn<T> {
  invariant(
    !combinersLackingOn(target).has(combiner),
    combiner,
    `the target ${target} has no aggregate for it`,
  );
  return combiner as CombinerOn<T>;
}
