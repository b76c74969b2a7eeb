import type { PickleGlobal, PickleObject, PickleValue } from "../pickle/pickle-value.js";

const dillModules: readonly string[] = ["dill._dill", "dill.dill"];

/**
 * The name in a module that a value stands for, or null. cloudpickle and Python's own pickler write such names
 * as they are; dill writes builtins as calls of its helpers.
 */
export function resolveGlobal(value: PickleValue): PickleGlobal | null {
  if (value.kind === "global") return value;
  if (value.kind !== "object" || value.made !== "call" || isChanged(value)) return null;
  if (value.callable.kind !== "global" || !dillModules.includes(value.callable.module)) return null;
  const texts = readTexts(value.args);
  switch (value.callable.name) {
    case "_get_attr":
      return texts.length === 2 ? { kind: "global", module: texts[0] ?? "", name: texts[1] ?? "" } : null;
    case "_load_type":
      // Its names are partly those of the `types` module: only the lower-case ones are builtins.
      return texts.length === 1 && /^[a-z]+$/.test(texts[0] ?? "")
        ? { kind: "global", module: "builtins", name: texts[0] ?? "" }
        : null;
    default:
      return null;
  }
}

/** True where the value stands for exactly this name. */
export function isGlobal(value: PickleValue, module: string, name: string): boolean {
  const found = resolveGlobal(value);
  return found !== null && found.module === module && found.name === name;
}

/** True where more was done to an object than to make it. */
function isChanged(value: PickleObject): boolean {
  return value.states.length > 0 || value.items.length > 0 || value.entries.length > 0;
}

/** The items of a tuple of strings, or none. */
function readTexts(value: PickleValue): string[] {
  if (value.kind !== "tuple") return [];
  const texts: string[] = [];
  for (const item of value.items) {
    if (item.kind !== "str") return [];
    texts.push(item.value);
  }
  return texts;
}
