import type { PickleObject, PickleValue } from "../pickle/pickle-value.js";
import { collectObjects } from "./expected-calls.js";
import { isGlobal } from "./resolve-global.js";

/** Modules whose calls make types and nothing else. */
const typeModules: readonly string[] = ["apache_beam.typehints", "typing"];

/** What dill calls to write a type that it has no name for. */
const dillTypeMakers: readonly string[] = ["_create_namedtuple", "_load_type"];

/**
 * The calls that make the `_type_hints` of a function object, which say nothing of what it does; null where there is
 * a call among them that could do more.
 */
export function collectTypeHintCalls(hints: PickleValue | undefined): ReadonlySet<PickleObject> | null {
  if (hints === undefined) return new Set();
  const calls = collectObjects(hints);
  for (const call of calls) {
    if (!makesType(call.callable)) return null;
  }
  return calls;
}

function makesType(callable: PickleValue): boolean {
  if (callable.kind === "object") {
    if (looksTypeUp(callable.callable)) return isGenericAlias(callable);
    // dill makes the class of the hints first, and the hints by it.
    return makesType(callable.callable);
  }
  if (looksTypeUp(callable)) return true;
  if (callable.kind !== "global") return false;
  if (callable.module === "dill._dill") return dillTypeMakers.includes(callable.name);
  return typeModules.some((module) => callable.module === module || callable.module.startsWith(`${module}.`));
}

/** cloudpickle looks a type of the module `types` up by its name, which makes nothing. */
function looksTypeUp(callable: PickleValue): boolean {
  return isGlobal(callable, "apache_beam.internal.cloudpickle.cloudpickle", "_builtin_type");
}

/** The type of `tuple[str, int]` and its like. */
function isGenericAlias({ args }: PickleObject): boolean {
  const [name] = args.kind === "tuple" ? args.items : [];
  return name?.kind === "str" && name.value === "GenericAlias";
}
