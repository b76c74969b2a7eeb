import type { PickleValue, ReadablePickle } from "../pickle/pickle-value.js";
import { describeClass } from "./describe-class.js";
import { type PickledFunction, readFunction } from "./read-function.js";
import { findEntry } from "./read-instance.js";
import { isGlobal, resolveGlobal } from "./resolve-global.js";

/** Wrappers around one another, of Beam, of `functools.partial` and of methods, that a name is looked for in. */
const MOST_WRAPPERS = 8;

/**
 * A name for a callable: `len`, `words.split`, `lambda (words.py:12)`. Beam's wrappers are looked through. Null where
 * there is none to be found. Of a source file only its last name is shown.
 */
export function describeFunction(callable: PickleValue, document: ReadablePickle): string | null {
  let value = callable;
  let suffix = "";
  for (let count = 0; count <= MOST_WRAPPERS; count++) {
    const found = resolveGlobal(value);
    if (found !== null)
      return `${found.module === "builtins" ? "" : `${found.module}.`}${found.name}${suffix}`;
    if (value.kind !== "object") return null;
    if (value.made === "new") return describeClass(value.callable)?.name ?? null;
    const partial = findPartial(value.callable, value.args);
    if (partial !== null) suffix = " with arguments";
    if (takesAttribute(value.callable)) return describeAttribute(value.args);
    const read = readFunction(value, document);
    const inner = partial ?? (read === null ? findMethod(value.callable, value.args) : findWrapped(read));
    if (inner === null) return read === null ? null : `${describePlace(read)}${suffix}`;
    value = inner;
  }
  return null;
}

/** The function inside of one that Beam made: `Map` and its like keep it as an attribute or in their closure. */
function findWrapped(read: PickledFunction): PickleValue | null {
  const attribute = findEntry(read.attributes, "_argspec_fn");
  if (attribute !== null) return attribute;
  const isOfBeam = /(^|[/\\])apache_beam[/\\]transforms[/\\]core\.py$/.test(read.file);
  return isOfBeam ? (read.captured.get("fn") ?? null) : null;
}

/** The function inside of a `functools.partial`, which dill writes by a call of its own. */
function findPartial(callable: PickleValue, args: PickleValue): PickleValue | null {
  if (args.kind !== "tuple") return null;
  if (isGlobal(callable, "functools", "partial")) return args.items[0] ?? null;
  return isGlobal(callable, "dill._dill", "_create_ftype") ? (args.items[1] ?? null) : null;
}

/** The function of a bound method. cloudpickle and dill look the type of methods up by a call of theirs. */
function findMethod(callable: PickleValue, args: PickleValue): PickleValue | null {
  if (callable.kind !== "object" || callable.args.kind !== "tuple" || args.kind !== "tuple") return null;
  const [type] = callable.args.items;
  return type?.kind === "str" && type.value === "MethodType" ? (args.items[0] ?? null) : null;
}

function takesAttribute(callable: PickleValue): boolean {
  return isGlobal(callable, "builtins", "getattr") || isGlobal(callable, "dill._dill", "_getattr");
}

/** A method that is taken from a class or an instance by its name, such as `str.upper`. */
function describeAttribute(args: PickleValue): string | null {
  const [owner, name] = args.kind === "tuple" ? args.items : [];
  if (name?.kind !== "str") return null;
  const type = owner === undefined ? null : describeClass(owner);
  return type === null ? name.value : `${type.name}.${name.value}`;
}

function describePlace(read: PickledFunction): string {
  const name = read.name === "<lambda>" ? "lambda" : read.name;
  return `${name} (${read.file.split(/[/\\]/).at(-1)}:${read.line})`;
}
