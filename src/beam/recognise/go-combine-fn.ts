import { readGoFunction } from "../go/read-go-function.js";
import type { TypedCombiner, TypedNumbers } from "./typed-combiner.js";

const PACKAGE = "github.com/apache/beam/sdks/v2/go/pkg/beam/transforms/stats.";

const goTypes: ReadonlyMap<string, TypedNumbers> = new Map<string, TypedNumbers>([
  ["Int", 64],
  ["Int8", 8],
  ["Int16", 16],
  ["Int32", 32],
  ["Int64", 64],
  ["Float64", "double"],
]);

/**
 * Tells which combiner of the Go SDK's package `stats` a function is, by its symbol. Functions of unsigned integers
 * and of float32, whose sums round after each addition, are not taken. Never throws.
 */
export function describeGoCombineFn(payload: Uint8Array): TypedCombiner {
  const fn = readGoFunction(payload);
  if (fn === null) return { known: null, reason: "its function has no name", name: "a Go function" };
  const name = shortNameOf(fn.name);
  if (!fn.name.startsWith(PACKAGE)) {
    return { known: null, reason: `${name} is a function of the pipeline's author`, name };
  }
  const local = fn.name.slice(PACKAGE.length);
  if (local === "meanFn" && fn.kind === "type") return { known: "mean", numbers: "any", name };
  const [, combiner, type] = /^(sum|min|max)([A-Z][a-z]+[0-9]*)Fn$/.exec(local) ?? [];
  const numbers = goTypes.get(type ?? "");
  if (combiner === undefined || numbers === undefined || fn.kind !== "function") {
    return { known: null, reason: `${name} has no Spark aggregate with just its result`, name };
  }
  // A sum begins with the first value, as no accumulator is made.
  if (combiner === "sum" && numbers === "double") return { known: "ieee-sum", numbers, name };
  return { known: combiner as "sum" | "min" | "max", numbers, name };
}

/** The last part of the package's path and the name, as Go's programmers write it. */
function shortNameOf(symbol: string): string {
  return symbol.slice(symbol.lastIndexOf("/") + 1);
}
