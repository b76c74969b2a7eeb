import type { PickleValue, ReadablePickle } from "../pickle/pickle-value.js";
import { describeClass } from "./describe-class.js";
import { type PickledFunction, readFunction } from "./read-function.js";
import { findEntry } from "./read-instance.js";
import { resolveGlobal } from "./resolve-global.js";

/** Wrappers around one another, of Beam, of `functools.partial` and of methods, that a name is looked for in. */
const MOST_WRAPPERS = 8;

/**
 * A name for a callable: `len`, `words.split`, `lambda (words.py:12)`. Beam's wrappers are looked through. Null where
 * there is none to be found. Of a source file only its last name is shown.
 */
export function describeFunction(callable: PickleValue, document: ReadablePickle): string | null {
  let value = callable;
  for (let count = 0; count <= MOST_WRAPPERS; count++) {
    const found = resolveGlobal(value);
    if (found !== null) return found.module === "builtins" ? found.name : `${found.module}.${found.name}`;
    if (value.kind !== "object") return null;
    if (value.made === "new") return describeClass(value.callable)?.name ?? null;
    const read = readFunction(value, document);
    const inner = read === null ? findCalled(value.callable, value.args) : findWrapped(read);
    if (inner === null) return read === null ? null : describePlace(read);
    value = inner;
  }
  return null;
}

/** The function inside of one that Beam made: `Map` and its like keep it as an attribute or in their closure. */
function findWrapped(read: PickledFunction): PickleValue | null {
  const attribute = findEntry(read.attributes, "_argspec_fn");
  if (attribute !== null) return attribute;
  const isOfBeam = /[/\\]apache_beam[/\\]transforms[/\\]core\.py$/.test(read.file);
  return isOfBeam ? (read.captured.get("fn") ?? null) : null;
}

/** The function that a bound method or a `functools.partial` calls in the end. */
function findCalled(callable: PickleValue, args: PickleValue): PickleValue | null {
  const first = args.kind === "tuple" ? args.items[0] : undefined;
  if (first === undefined) return null;
  return namesType(callable, "MethodType") || namesType(callable, "partial") ? first : null;
}

/** cloudpickle and dill look the type of methods up by a call of theirs. */
function namesType(callable: PickleValue, name: string): boolean {
  if (callable.kind === "global") return callable.name === name;
  if (callable.kind !== "object" || callable.args.kind !== "tuple") return false;
  const [first] = callable.args.items;
  return first?.kind === "str" && first.value === name;
}

function describePlace(read: PickledFunction): string {
  const name = read.name === "<lambda>" ? "lambda" : read.name;
  return `${name} (${read.file.split(/[/\\]/).at(-1)}:${read.line})`;
}
