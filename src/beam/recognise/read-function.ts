import type { PickleObject, PickleValue, ReadablePickle } from "../pickle/pickle-value.js";
import { findEntry } from "./read-instance.js";

/** A function whose code the pickle carries. */
export interface PickledFunction {
  readonly name: string;
  readonly file: string;
  readonly line: bigint;
  /** The function's own attributes, a dict, where it has any. */
  readonly attributes: PickleValue | undefined;
  /** The variables of the functions around that it uses, by name. */
  readonly captured: ReadonlyMap<string, PickleValue>;
}

/** Of cloudpickle and of dill. Both take the code, globals, name, defaults, closure. */
const functionMakers: readonly string[] = ["_make_function", "_create_function"];

/** Reads a function that cloudpickle or dill wrote by value; null for anything else. For names only, not a proof. */
export function readFunction(value: PickleValue, document: ReadablePickle): PickledFunction | null {
  if (value.kind !== "object" || value.callable.kind !== "global" || value.args.kind !== "tuple") return null;
  if (!functionMakers.includes(value.callable.name)) return null;
  const [code, , , , closure, dict] = value.args.items;
  const read = code === undefined ? null : readCode(code);
  if (read === null) return null;
  const [attributes, slots] = findLaterState(value, document);
  const cells = findEntry(slots, "__closure__") ?? closure;
  const { free, ...place } = read;
  return { ...place, attributes: attributes ?? dict, captured: pairCells(free, cells) };
}

/** cloudpickle sets a function's attributes and its slots, closure included, by a call after making it. */
function findLaterState(value: PickleObject, document: ReadablePickle): readonly (PickleValue | undefined)[] {
  for (const call of document.calls) {
    if (call.callable.kind !== "global" || call.callable.name !== "_function_setstate") continue;
    if (call.args.kind !== "tuple" || call.args.items[0] !== value) continue;
    const state = call.args.items[1];
    return state?.kind === "tuple" ? state.items : [];
  }
  return [];
}

interface Code {
  readonly name: string;
  readonly file: string;
  readonly line: bigint;
  readonly free: PickleValue | undefined;
}

/**
 * The arguments of a code object differ between versions of Python. Always there are, one after the other, the
 * names of the variables, the file, the name, since 3.11 the qualified name, and the first line; and at the end the
 * names of the captured variables and of those that are captured.
 */
function readCode(code: PickleValue): Code | null {
  if (code.kind !== "object" || code.args.kind !== "tuple") return null;
  const items = code.args.items;
  for (let index = 0; index + 3 < items.length; index++) {
    const [variables, file, name, next, last] = items.slice(index, index + 5);
    if (variables?.kind !== "tuple" || file?.kind !== "str" || name?.kind !== "str") continue;
    const line = next?.kind === "str" ? last : next;
    if (line?.kind !== "int") continue;
    return { name: name.value, file: file.value, line: line.value, free: items.at(-2) };
  }
  return null;
}

/** The first argument of the call that makes a cell is its content; a cell may also be filled later, or never. */
function pairCells(names: PickleValue | undefined, cells: PickleValue | undefined): Map<string, PickleValue> {
  const captured = new Map<string, PickleValue>();
  if (names?.kind !== "tuple" || cells?.kind !== "tuple") return captured;
  for (const [index, name] of names.items.entries()) {
    const cell = cells.items[index];
    if (name.kind !== "str" || cell?.kind !== "object" || cell.args.kind !== "tuple") continue;
    const content = cell.args.items[0];
    if (content !== undefined) captured.set(name.value, content);
  }
  return captured;
}
