import type { PhysicalNode } from "./physical-plan.js";
import type { Target } from "./target.js";

type Kind = PhysicalNode["kind"];

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
    "read-text": { api: "DataFrameReader.text" },
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
