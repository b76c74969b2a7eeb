import { emptyMessage, messageOf } from "./decode.js";
import { isJsonObject } from "./json-object.js";
import { MalformedMessageError } from "./malformed.js";
import type { MessageShape } from "./shapes.js";

/** Reads the value of another shape, one level deeper. */
type ReadNested = (shape: MessageShape, json: unknown) => unknown;

/**
 * Reads the messages of `google.protobuf` that the Beam model uses and that have a JSON form of their own: Struct,
 * Value, ListValue, Timestamp and Duration. Undefined for all others.
 */
export function wellKnownFromJson(shape: MessageShape, json: unknown, readNested: ReadNested): unknown {
  switch (shape.fullName) {
    case "google.protobuf.Struct":
      return structFromJson(shape, json, readNested);
    case "google.protobuf.ListValue":
      return listFromJson(shape, json, readNested);
    case "google.protobuf.Value":
      return valueFromJson(shape, json, readNested);
    case "google.protobuf.Timestamp":
      return timestampFromJson(shape, json);
    case "google.protobuf.Duration":
      return durationFromJson(shape, json);
    default:
      return undefined;
  }
}

function structFromJson(shape: MessageShape, json: unknown, readNested: ReadNested): unknown {
  if (!isJsonObject(json)) throw new MalformedMessageError("a JSON object is expected");
  const value = nestedShape(shape, "fields");
  const entries = Object.entries(json).map(([key, item]) => [key, readNested(value, item)] as const);
  return { ...emptyMessage(shape), fields: new Map(entries) };
}

function listFromJson(shape: MessageShape, json: unknown, readNested: ReadNested): unknown {
  if (!Array.isArray(json)) throw new MalformedMessageError("a JSON array is expected");
  const value = nestedShape(shape, "values");
  return { ...emptyMessage(shape), values: json.map((item: unknown) => readNested(value, item)) };
}

function valueFromJson(shape: MessageShape, json: unknown, readNested: ReadNested): unknown {
  const message = emptyMessage(shape);
  if (json === null) return { ...message, nullValue: 0 };
  if (typeof json === "string") return { ...message, stringValue: json };
  if (typeof json === "number") return { ...message, numberValue: json };
  if (typeof json === "boolean") return { ...message, boolValue: json };
  if (Array.isArray(json))
    return { ...message, listValue: readNested(nestedShape(shape, "listValue"), json) };
  return { ...message, structValue: readNested(nestedShape(shape, "structValue"), json) };
}

function nestedShape(shape: MessageShape, name: string): MessageShape {
  const field = shape.byName.get(name);
  if (field === undefined) throw new Error(`${shape.fullName} has no field ${name}`);
  return messageOf(field);
}

/** RFC 3339 with up to nine decimals, between the years 1 and 9999. */
function timestampFromJson(shape: MessageShape, json: unknown): unknown {
  const parts =
    typeof json === "string"
      ? /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/u.exec(json)
      : null;
  const millis = parts === null ? Number.NaN : Date.parse(`${parts[1]}${parts[3]}`);
  if (parts === null || Number.isNaN(millis) || (parts[1] as string) < "0001") {
    throw new MalformedMessageError("a time such as 2024-01-31T12:00:00.5Z is expected");
  }
  return { ...emptyMessage(shape), seconds: BigInt(millis / 1000), nanos: nanosOf(parts[2]) };
}

/** Seconds with up to nine decimals and an `s`; both parts carry the sign. */
function durationFromJson(shape: MessageShape, json: unknown): unknown {
  const parts = typeof json === "string" ? /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/u.exec(json) : null;
  if (parts === null) throw new MalformedMessageError("a duration such as 1.5s is expected");
  const sign = parts[1] === "-" ? -1 : 1;
  const nanos = nanosOf(parts[3]);
  return {
    ...emptyMessage(shape),
    seconds: BigInt(parts[2] as string) * BigInt(sign),
    nanos: nanos === 0 ? 0 : sign * nanos,
  };
}

function nanosOf(decimals: string | undefined): number {
  return Number((decimals ?? "").padEnd(9, "0"));
}
