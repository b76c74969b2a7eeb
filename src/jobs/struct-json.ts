/** `google.protobuf.Struct` as protobufjs decodes it. */
export interface Struct {
  readonly fields?: Readonly<Record<string, StructValue>>;
}

interface StructValue {
  readonly nullValue?: number;
  readonly numberValue?: number;
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly structValue?: Struct;
  readonly listValue?: { readonly values?: readonly StructValue[] };
}

/** The JSON object that a Struct stands for, keys sorted (proto3's JSON mapping of well-known types). */
export function structToJson(struct: Struct): Record<string, unknown> {
  const entries = Object.entries(struct.fields ?? {});
  entries.sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([name, value]) => [name, valueToJson(value)]));
}

function valueToJson(value: StructValue): unknown {
  if (Object.hasOwn(value, "stringValue")) return value.stringValue;
  if (Object.hasOwn(value, "boolValue")) return value.boolValue;
  if (Object.hasOwn(value, "numberValue")) return value.numberValue;
  if (value.structValue != null) return structToJson(value.structValue);
  if (value.listValue != null) return (value.listValue.values ?? []).map(valueToJson);
  return null;
}
