import type { PickleObject, PickleValue, ReadablePickle } from "../pickle/pickle-value.js";
import { findEntry } from "./read-instance.js";
import { isGlobal } from "./resolve-global.js";
import { collectTypeHintCalls } from "./type-hints.js";

/** A function of one argument, as far as it decides what a call of it gives. */
export interface CloudpickledFunction {
  /** In hexadecimal. */
  readonly bytecode: string;
  readonly constants: readonly PickleValue[];
  /** The variables of the functions around it that it uses. */
  readonly captured: readonly PickleValue[];
  /** What was set on the function, beside the hints of its types. */
  readonly attributes: ReadonlyMap<string, PickleValue>;
  /** The calls that make it, those of what it captures not among them. */
  readonly calls: ReadonlySet<PickleObject>;
}

const CLOUDPICKLE = "apache_beam.internal.cloudpickle.cloudpickle";

/** What is set on a function after it is made, and doesn't change what its bytecode does without global names. */
const harmlessSlots: readonly string[] = [
  "__name__",
  "__qualname__",
  "__annotations__",
  "__module__",
  "__doc__",
  "__closure__",
  "__globals__",
  "_cloudpickle_submodules",
];
const emptySlots: readonly string[] = ["__defaults__", "__kwdefaults__"];

/** Flags of code objects that say more than how variables are kept: `*args`, `**kwargs`, generators, coroutines. */
const CHANGING_FLAGS = 0x3acn;

/**
 * Reads a function that Beam's cloudpickle wrote by value: one that takes one argument, without a default, and uses no
 * global names. Null for any other, and where loading does more to it than cloudpickle does. Its bytecode is that of
 * the Python that wrote it.
 */
export function readCloudpickledFunction(
  value: PickleValue,
  document: ReadablePickle,
): CloudpickledFunction | null {
  const made = readCall(value, "_make_function");
  if (made === null) return null;
  const [maker, [codeValue, , name, defaults, cells]] = made;
  if (name?.kind !== "none" || defaults?.kind !== "none" || codeValue === undefined) return null;
  const code = readCode(codeValue);
  const state = findState(value, document);
  if (code === null || state === null) return null;
  const attributes = readAttributes(state.attributes);
  const closure = readClosure(cells, findEntry(state.slots, "__closure__"));
  if (attributes === null || closure === null || !hasHarmlessSlots(state.slots)) return null;
  const hints = collectTypeHintCalls(attributes.get("_type_hints"));
  const annotations = collectTypeHintCalls(findEntry(state.slots, "__annotations__") ?? undefined);
  if (hints === null || annotations === null || closure.captured.length !== code.free) return null;
  attributes.delete("_type_hints");
  const calls = [maker, ...code.calls, state.call, ...closure.calls, ...hints, ...annotations];
  const { bytecode, constants } = code;
  return { bytecode, constants, captured: closure.captured, attributes, calls: new Set(calls) };
}

/** A call of one of cloudpickle's functions and its arguments; null for anything else. */
function readCall(
  value: PickleValue | undefined,
  name: string,
): readonly [call: PickleObject, args: readonly PickleValue[]] | null {
  if (value?.kind !== "object" || value.made !== "call" || value.args.kind !== "tuple") return null;
  if (value.states.length > 0 || value.items.length > 0 || value.entries.length > 0) return null;
  return isGlobal(value.callable, CLOUDPICKLE, name) ? [value, value.args.items] : null;
}

interface Code {
  readonly bytecode: string;
  readonly constants: readonly PickleValue[];
  /** How many variables it captures. */
  readonly free: number;
  readonly calls: readonly PickleObject[];
}

/** The arguments of a code object: 16 in Python 3.10, and 18 with a qualified name and a table of handlers since. */
function readCode(value: PickleValue): Code | null {
  if (value.kind !== "object" || value.made !== "call" || value.args.kind !== "tuple") return null;
  const type = readCall(value.callable, "_builtin_type");
  const [typeName] = type?.[1] ?? [];
  if (type === null || typeName?.kind !== "str" || typeName.value !== "CodeType") return null;
  const { items } = value.args;
  const numbers = items.slice(0, 6).map((item) => (item.kind === "int" ? item.value : -1n));
  const [positional, positionalOnly, keywordOnly, locals, , flags] = numbers;
  const takesOne = positional === 1n && positionalOnly === 0n && keywordOnly === 0n && locals === 1n;
  if (!takesOne || flags === undefined || flags < 0n || (flags & CHANGING_FLAGS) !== 0n) return null;
  const [bytecode, constants, names] = items.slice(6, 9);
  const free = items.at(-2);
  if (bytecode?.kind !== "bytes" || constants?.kind !== "tuple" || !isEmptyTuple(names)) return null;
  if (free?.kind !== "tuple" || !isEmptyTuple(items.at(-1))) return null;
  if (items.length !== 16 && !(items.length === 18 && isEmptyBytes(items[15]))) return null;
  return {
    bytecode: Buffer.from(bytecode.value).toString("hex"),
    constants: constants.items,
    free: free.items.length,
    calls: [value, type[0]],
  };
}

/** The one call that gives a function its attributes and slots. */
function findState(
  value: PickleValue,
  document: ReadablePickle,
): { readonly call: PickleObject; readonly attributes: PickleValue; readonly slots: PickleValue } | null {
  for (const candidate of document.calls) {
    const [call, args] = readCall(candidate, "_function_setstate") ?? [];
    if (call === undefined || args?.[0] !== value) continue;
    const [attributes, slots] = args[1]?.kind === "tuple" ? args[1].items : [];
    return attributes === undefined || slots === undefined ? null : { call, attributes, slots };
  }
  return null;
}

function readAttributes(dict: PickleValue): Map<string, PickleValue> | null {
  const attributes = new Map<string, PickleValue>();
  if (dict.kind !== "dict") return null;
  for (const [key, value] of dict.entries) {
    if (key.kind !== "str" || attributes.has(key.value)) return null;
    attributes.set(key.value, value);
  }
  return attributes;
}

function hasHarmlessSlots(slots: PickleValue): boolean {
  return (
    slots.kind === "dict" &&
    slots.entries.every(([key, value]) => {
      if (key.kind !== "str") return false;
      return harmlessSlots.includes(key.value) || (emptySlots.includes(key.value) && value.kind === "none");
    })
  );
}

/** A function is made with empty cells, and the cells of its state say what they hold. */
function readClosure(
  empty: PickleValue | undefined,
  filled: PickleValue | null,
): { readonly captured: readonly PickleValue[]; readonly calls: readonly PickleObject[] } | null {
  if (empty?.kind === "none" && filled?.kind === "none") return { captured: [], calls: [] };
  if (empty?.kind !== "tuple" || filled?.kind !== "tuple") return null;
  if (empty.items.length !== filled.items.length) return null;
  const captured: PickleValue[] = [];
  const calls: PickleObject[] = [];
  for (const [index, cell] of filled.items.entries()) {
    const [before] = readCall(empty.items[index], "_make_empty_cell") ?? [];
    const [call, args] = readCall(cell, "_make_cell") ?? [];
    const content = args?.[0];
    if (before === undefined || call === undefined || content === undefined) return null;
    captured.push(content);
    calls.push(before, call);
  }
  return { captured, calls };
}

function isEmptyTuple(value: PickleValue | undefined): boolean {
  return value?.kind === "tuple" && value.items.length === 0;
}

function isEmptyBytes(value: PickleValue | undefined): boolean {
  return value?.kind === "bytes" && value.value.length === 0;
}
