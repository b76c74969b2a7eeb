import type { PickleObject, PickleValue } from "../pickle/pickle-value.js";

/** An ordinary instance: its class, and its attributes by name. */
export interface PickledInstance {
  readonly object: PickleObject;
  readonly type: PickleValue;
  readonly attributes: ReadonlyMap<string, PickleValue>;
}

/**
 * A value as an ordinary instance: made by `__new__` without arguments, and then given at most one state, a dict of
 * distinct attribute names. Null for anything else, whose attributes nobody knows without running it.
 */
export function readInstance(value: PickleValue): PickledInstance | null {
  if (value.kind !== "object" || value.made !== "new" || value.keywords !== null) return null;
  if (value.args.kind !== "tuple" || value.args.items.length > 0) return null;
  if (value.items.length > 0 || value.entries.length > 0 || value.states.length > 1) return null;
  const attributes = readAttributes(value.states[0]);
  return attributes === null ? null : { object: value, type: value.callable, attributes };
}

function readAttributes(state: PickleValue | undefined): ReadonlyMap<string, PickleValue> | null {
  const attributes = new Map<string, PickleValue>();
  if (state === undefined) return attributes;
  if (state.kind !== "dict") return null;
  for (const [key, value] of state.entries) {
    if (key.kind !== "str" || attributes.has(key.value)) return null;
    attributes.set(key.value, value);
  }
  return attributes;
}

/** The value of a string key of a dict, the last one where it is set twice, or null. */
export function findEntry(dict: PickleValue | undefined, key: string): PickleValue | null {
  if (dict?.kind !== "dict") return null;
  return dict.entries.findLast(([name]) => name.kind === "str" && name.value === key)?.[1] ?? null;
}
