import type { PickleObject, PickleValue } from "../pickle/pickle-value.js";
import { collectObjects } from "./expected-calls.js";

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
  // dill makes the class of the hints first, and the hints by it.
  if (callable.kind === "object") return makesType(callable.callable);
  if (callable.kind !== "global") return false;
  if (callable.module === "dill._dill") return dillTypeMakers.includes(callable.name);
  return typeModules.some((module) => callable.module === module || callable.module.startsWith(`${module}.`));
}
