import type { PickleValue } from "../pickle/pickle-value.js";
import { findEntry } from "./read-instance.js";
import { resolveGlobal } from "./resolve-global.js";

/** A class, by where it is imported from, or as the pickle carries it whole. */
export interface PickledClass {
  readonly module: string;
  readonly name: string;
  /** False where the pickle carries the class's code, as it does for classes of `__main__`. */
  readonly imported: boolean;
}

/** Functions of cloudpickle and dill that make a class: arguments are the metaclass, the name, bases and a dict. */
const classMakers: readonly string[] = ["_make_skeleton_class", "_make_skeleton_enum", "_create_type"];

/** Which class a value is, or null where it isn't one that is known to be a class. For names only, not a proof. */
export function describeClass(value: PickleValue): PickledClass | null {
  const found = resolveGlobal(value);
  if (found !== null) return { module: found.module, name: found.name, imported: true };
  if (value.kind !== "object" || value.callable.kind !== "global" || value.args.kind !== "tuple") return null;
  if (!classMakers.includes(value.callable.name)) return null;
  const texts = value.args.items.filter((item) => item.kind === "str");
  const name = texts[0];
  if (name === undefined) return null;
  const dict = value.args.items.find((item) => item.kind === "dict");
  const module = findEntry(dict, "__module__");
  return { module: module?.kind === "str" ? module.value : "__main__", name: name.value, imported: false };
}
