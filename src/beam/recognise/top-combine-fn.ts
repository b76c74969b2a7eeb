import type { PickleObject } from "../pickle/pickle-value.js";
import type { PickledInstance } from "./read-instance.js";
import { resolveGlobal } from "./resolve-global.js";

/** What a CombineFn of Beam's `Top` keeps: so many of the greatest values, or of the least, the first one first. */
export interface TopCombiner {
  readonly known: "largest" | "smallest";
  readonly limit: bigint;
}

/** Beam's class and its subclasses, which differ in what they are called. */
export const topClasses: readonly string[] = [
  "apache_beam.transforms.combiners.TopCombineFn",
  "apache_beam.transforms.combiners.Largest",
  "apache_beam.transforms.combiners.Smallest",
];

/** The comparisons that Beam sets: which value comes later in the list. */
const comparisons: ReadonlyMap<string, TopCombiner["known"]> = new Map([
  ["_operator.lt", "largest"],
  ["operator.lt", "largest"],
  ["_operator.gt", "smallest"],
  ["operator.gt", "smallest"],
]);

/**
 * Tells how many values an instance of Beam's `TopCombineFn` keeps and which ones, where it compares the values
 * themselves. Adds the calls that it accounts for to `expected`.
 */
export function readTopCombineFn(
  { attributes }: PickledInstance,
  expected: Set<PickleObject>,
): TopCombiner | { readonly reason: string } {
  for (const name of attributes.keys()) {
    if (!["_type_hints", "_n", "_compare", "_key"].includes(name))
      return { reason: `it has an attribute ${name}` };
  }
  if (attributes.get("_key")?.kind !== "none")
    return { reason: "it compares keys that a function of its own makes" };
  const limit = attributes.get("_n");
  const compare = attributes.get("_compare");
  const name = compare === undefined ? null : resolveGlobal(compare);
  const known = comparisons.get(name === null ? "" : `${name.module}.${name.name}`);
  if (limit?.kind !== "int" || compare === undefined || known === undefined) {
    return { reason: "its number or its comparison can't be read" };
  }
  if (compare.kind === "object") expected.add(compare);
  return { known, limit: limit.value };
}
