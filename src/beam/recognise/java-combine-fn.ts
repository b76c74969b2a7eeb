import { readJavaClass } from "../java/read-java-class.js";
import type { CombinerName } from "./known-combine-fns.js";
import type { TypedCombiner, TypedNumbers } from "./typed-combiner.js";

const PACKAGE = "org.apache.beam.sdk.transforms.";

/** Beam's combiners without fields. Java's `Math.min` and `Math.max` tell the zeros apart and hand NaN on. */
const knownClasses: ReadonlyMap<string, readonly [CombinerName, TypedNumbers]> = new Map<
  string,
  readonly [CombinerName, TypedNumbers]
>([
  ["Count$CountFn", ["count", "any"]],
  ["Mean$MeanFn", ["mean", "any"]],
  ["Sum$SumIntegerFn", ["sum", 32]],
  ["Sum$SumLongFn", ["sum", 64]],
  ["Sum$SumDoubleFn", ["sum", "double"]],
  ["Min$MinIntegerFn", ["min", 32]],
  ["Min$MinLongFn", ["min", 64]],
  ["Min$MinDoubleFn", ["ieee-min", "double"]],
  ["Max$MaxIntegerFn", ["max", 32]],
  ["Max$MaxLongFn", ["max", 64]],
  ["Max$MaxDoubleFn", ["ieee-max", "double"]],
]);

/** Tells which of the Java SDK's combiners a serialized CombineFn is, by its class. Never throws. */
export function describeJavaCombineFn(payload: Uint8Array): TypedCombiner {
  const type = readJavaClass(payload);
  if (type === null) return { known: null, reason: "its class can't be read", name: "a Java CombineFn" };
  const name = type.name.slice(type.name.lastIndexOf(".") + 1);
  if (!type.name.startsWith("org.apache.beam.")) {
    return { known: null, reason: `${name} is a class of the pipeline's author`, name };
  }
  const known = knownClasses.get(type.name.slice(PACKAGE.length));
  if (known === undefined || !type.name.startsWith(PACKAGE)) {
    return { known: null, reason: `${name} has no Spark aggregate with just its result`, name };
  }
  const [combiner, numbers] = known;
  return type.isPlain
    ? { known: combiner, numbers, name }
    : { known: null, reason: `its ${name} has fields, which Beam's own hasn't`, name };
}
