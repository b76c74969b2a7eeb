import type { PickleValue } from "./pickle-value.js";

/** The values directly inside a value, in the order in which the pickle has them. */
export function* listChildren(value: PickleValue): Generator<PickleValue, void, undefined> {
  switch (value.kind) {
    case "tuple":
    case "list":
    case "set":
    case "frozenset":
      yield* value.items;
      return;
    case "dict":
      for (const entry of value.entries) yield* entry;
      return;
    case "object":
      yield value.callable;
      yield value.args;
      if (value.keywords !== null) yield value.keywords;
      yield* value.items;
      for (const entry of value.entries) yield* entry;
      yield* value.states;
      return;
    default:
      return;
  }
}
