import type { Struct, Value } from "./types/google.js";

/** A value of plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** An object of plain JSON. No key is special, `__proto__` is an own property like any other. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** The plain JSON object that a `google.protobuf.Struct` stands for, keys in their sorted order. */
export function structToJson(struct: Struct): JsonObject {
  const keys = [...struct.fields.keys()].sort();
  return Object.fromEntries(keys.map((key) => [key, valueToJson(struct.fields.get(key))]));
}

function valueToJson(value: Value | undefined): Json {
  if (value?.stringValue !== undefined) return value.stringValue;
  if (value?.numberValue !== undefined) return value.numberValue;
  if (value?.boolValue !== undefined) return value.boolValue;
  if (value?.structValue !== undefined) return structToJson(value.structValue);
  if (value?.listValue !== undefined) return value.listValue.values.map(valueToJson);
  return null;
}
