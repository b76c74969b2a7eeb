import type { Struct, Value } from "./protos/types/google.js";

/** The JSON object that a Struct stands for, keys sorted (proto3's JSON mapping of well-known types). */
export function structToJson(struct: Struct): Record<string, unknown> {
  return Object.fromEntries([...struct.fields].map(([name, value]) => [name, valueToJson(value)]));
}

function valueToJson({ stringValue, boolValue, numberValue, structValue, listValue }: Value): unknown {
  if (structValue !== undefined) return structToJson(structValue);
  if (listValue !== undefined) return listValue.values.map(valueToJson);
  return stringValue ?? boolValue ?? numberValue ?? null;
}
