import type { RecognisedCombineFn } from "../../../beam/recognise/combine-fn.js";
import type { IntegerEncoding, IntegerWidth } from "../../../beam/recognise/integer-coder.js";
import type { TypedNumbers } from "../../../beam/recognise/typed-combiner.js";
import {
  type CombinedIntegers,
  type KnownCombiner,
  knownCombiners,
  type LackingCombiners,
  MOST_KEPT_VALUES,
} from "../known-combiner.js";

/** The aggregate for a combine, or why none gives its result. */
export type AggregateChoice =
  | {
      readonly combiner: KnownCombiner;
      readonly integers: CombinedIntegers | null;
      readonly limit?: number;
      readonly reason: string;
    }
  | { readonly combiner: null; readonly reason: string };

/** What the coder of the values says of them. */
export interface CombinedValues {
  /** A standard scalar's name; null for anything else. */
  readonly type: "varint" | "double" | "utf8" | "bytes" | null;
  readonly integers: { readonly encoding: IntegerEncoding; readonly width: IntegerWidth } | null;
}

export function declined(reason: string): AggregateChoice {
  return { combiner: null, reason };
}

/** Chooses the aggregate that gives a CombineFn's result for all values of a coder. */
export function chooseAggregate(
  described: RecognisedCombineFn,
  values: CombinedValues,
  lacking: LackingCombiners,
): AggregateChoice {
  if (described.known === null) return declined(described.reason);
  const combiner = knownCombiners.find((name) => name === described.known);
  if (combiner === undefined) {
    return declined(`${described.displayName} is known, but no Spark aggregate gives just its result`);
  }
  const lack = lacking.get(combiner);
  if (lack !== undefined) return declined(`${described.displayName} is known, but ${lack}`);
  if (combiner === "count") {
    return { combiner, integers: null, reason: "count of rows, whatever the values are" };
  }
  if (combiner === "largest" || combiner === "smallest") {
    return chooseTop(combiner, described.displayName, described.limit ?? 0n, values);
  }
  return described.numbers === undefined
    ? chooseForPython(combiner, described.displayName, values)
    : chooseForSizes(combiner, described.displayName, described.numbers, values);
}

type Keeping = "largest" | "smallest";
type Comparing = Exclude<KnownCombiner, "count" | Keeping>;

/** Types of values on which Spark's aggregate is Python's, for every value (NaN and -0.0 keep min and max off). */
const exactTypes: Readonly<Record<Comparing, readonly string[]>> = {
  sum: ["varint", "double"],
  mean: ["varint", "double"],
  min: ["varint", "utf8", "bytes"],
  max: ["varint", "utf8", "bytes"],
  "ieee-sum": [],
  "ieee-min": [],
  "ieee-max": [],
};

function chooseForPython(combiner: Comparing, name: string, { type }: CombinedValues): AggregateChoice {
  if (type === null || !exactTypes[combiner].includes(type)) {
    return declined(`${name} is known, but the coder says the values are ${type ?? "of any Python type"}`);
  }
  return {
    combiner,
    integers: type === "varint" ? { width: "unbounded", encoding: "varint" } : null,
    reason: `${name} on ${type} values is Spark's ${combiner}`,
  };
}

/** Equal integers, texts or bytes are the same, so that it does not matter which of them is kept. */
function chooseTop(
  combiner: Keeping,
  name: string,
  limit: bigint,
  { type }: CombinedValues,
): AggregateChoice {
  if (type === null || !exactTypes.min.includes(type)) {
    return declined(`${name} is known, but the coder says the values are ${type ?? "of any Python type"}`);
  }
  if (limit < 1n || limit > MOST_KEPT_VALUES) {
    return declined(`${name} is known, but an aggregate keeps 1 to ${MOST_KEPT_VALUES} values of each key`);
  }
  const reason = `${name} on ${type} values is an Aggregator that keeps the ${limit} ${combiner} of a key`;
  return { combiner, integers: null, limit: Number(limit), reason };
}

/** Spark's aggregate of doubles, and what is done about the values on which it is another one. */
const onDoubles: Readonly<Record<Comparing, string>> = {
  sum: "sum",
  mean: "mean",
  min: "min",
  max: "max",
  "ieee-sum": "sum, which is -0.0 where all values are",
  "ieee-min": "min, with NaN and the two zeros as Java has them",
  "ieee-max": "max, with NaN and the two zeros as Java has them",
};

/**
 * The function's numbers must be those that the coder writes. With doubles, what Go's `<` and `>` give depends on the
 * order in which NaN and the two zeros come; Spark's is one of the orders.
 */
function chooseForSizes(
  combiner: Comparing,
  name: string,
  numbers: TypedNumbers,
  { type, integers }: CombinedValues,
): AggregateChoice {
  if (integers !== null && (numbers === "any" || numbers === integers.width)) {
    const sum = `, of which ${integers.width} bits stay`;
    const values = `integers of ${integers.width} bits`;
    const reason = `${name} on ${values} is Spark's ${combiner}${combiner === "sum" ? sum : ""}`;
    return { combiner, integers, reason };
  }
  if (type === "double" && (numbers === "any" || numbers === "double")) {
    return {
      combiner,
      integers: null,
      reason: `${name} on doubles is Spark's ${onDoubles[combiner]}`,
    };
  }
  return declined(`${name} is known, but the coder of the values is not that of its type`);
}
