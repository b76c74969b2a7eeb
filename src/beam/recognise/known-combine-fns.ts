/** Combiners whose meaning is known without running them. */
export type CombinerName =
  | "sum"
  | "min"
  | "max"
  | "ieee-sum"
  | "ieee-min"
  | "ieee-max"
  | "any"
  | "all"
  | "count"
  | "mean"
  | "latest"
  | "largest"
  | "smallest"
  | "to-list"
  | "to-set"
  | "to-dict";

/** Python's builtins that Beam's callable wrapper may hold; `len` is not one, as it combines nothing. */
export const knownCallables: ReadonlyMap<string, CombinerName> = new Map([
  ["builtins.sum", "sum"],
  ["builtins.min", "min"],
  ["builtins.max", "max"],
  ["builtins.any", "any"],
  ["builtins.all", "all"],
]);

/** Beam's own CombineFns that have no attributes. */
export const knownClasses: ReadonlyMap<string, CombinerName> = new Map([
  ["apache_beam.transforms.combiners.CountCombineFn", "count"],
  ["apache_beam.transforms.combiners.MeanCombineFn", "mean"],
  ["apache_beam.transforms.combiners.LatestCombineFn", "latest"],
  ["apache_beam.transforms.combiners.ToListCombineFn", "to-list"],
  ["apache_beam.transforms.combiners.ToSetCombineFn", "to-set"],
  ["apache_beam.transforms.combiners.ToDictCombineFn", "to-dict"],
]);

/** Beam's CombineFns around a callable that takes an iterable. */
export const callableWrappers: readonly string[] = [
  "apache_beam.transforms.core.NoSideInputsCallableWrapperCombineFn",
  "apache_beam.transforms.core.CallableWrapperCombineFn",
];

/** How many values a wrapper gathers before it calls its function, unless the pipeline's author chose otherwise. */
export const DEFAULT_BUFFER_SIZE = 10n;
