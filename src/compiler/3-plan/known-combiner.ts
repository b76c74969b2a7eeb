/** Combiners that a Spark aggregate gives exactly Beam's result for, on some types of values. */
export const knownCombiners = ["sum", "count", "mean", "min", "max"] as const;

export type KnownCombiner = (typeof knownCombiners)[number];
