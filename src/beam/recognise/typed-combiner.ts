import type { IntegerWidth } from "./integer-coder.js";
import type { CombinerName } from "./known-combine-fns.js";

/** The numbers that a combiner's function takes: integers of so many bits, doubles, or either. */
export type TypedNumbers = IntegerWidth | "double" | "any";

/** A combiner of a language whose numbers have sizes, and what it takes. */
export type TypedCombiner =
  | { readonly known: CombinerName; readonly numbers: TypedNumbers; readonly name: string }
  | { readonly known: null; readonly reason: string; readonly name: string };
