import type { IntegerEncoding, IntegerWidth } from "../../beam/recognise/integer-coder.js";

/**
 * Combiners that a Spark aggregate gives exactly Beam's result for, on some types of values. `ieee-min` and `ieee-max`
 * are those of doubles for which NaN beats any number, and -0.0 is less than 0.0; `ieee-sum` is that of doubles to
 * which no 0.0 is added, so that it is -0.0 where all of them are. `largest` and `smallest` keep so many of the values,
 * as a list from the greatest down or from the least up.
 */
export const knownCombiners = [
  "sum",
  "count",
  "mean",
  "min",
  "max",
  "ieee-sum",
  "ieee-min",
  "ieee-max",
  "largest",
  "smallest",
] as const;

export type KnownCombiner = (typeof knownCombiners)[number];

/** The most values that an aggregate keeps of each key, as a task holds many keys at a time. */
export const MOST_KEPT_VALUES = 10_000;

/** Which combiners a target lacks an aggregate for, with the reason; those that it has are not in it. */
export type LackingCombiners = ReadonlyMap<KnownCombiner, string>;

/** Integers as the functions of a language have them. */
export interface CombinedIntegers {
  /** Python's have any size; others keep so many bits of a sum, as two's complement, and have means of doubles. */
  readonly width: "unbounded" | IntegerWidth;
  /** How the coder of the values writes them. */
  readonly encoding: IntegerEncoding;
}
