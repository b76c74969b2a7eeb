import { emptyMessage, messageOf } from "./decode.js";
import { scalarFromJson } from "./from-json-scalar.js";
import { wellKnownFromJson } from "./from-json-well-known.js";
import { isJsonObject } from "./json-object.js";
import { MalformedMessageError, maximumNesting } from "./malformed.js";
import type { FieldShape, MessageShape } from "./shapes.js";

/**
 * Reads a message out of canonical proto JSON, as the ProtoJSON guide has it: names in lower camel case or as in
 * the .proto file, 64-bit integers as strings or numbers, bytes in base64 of either alphabet, enums by name or
 * number, null for absent. Fields that the shape doesn't know are passed over.
 * Throws MalformedMessageError, with the path of the value that does not fit.
 */
export function messageFromJson(shape: MessageShape, json: unknown, depth = 1): unknown {
  if (depth > maximumNesting) {
    throw new MalformedMessageError(`messages nest more than ${maximumNesting} deep`);
  }
  const wellKnown = wellKnownFromJson(shape, json, (nested, value) =>
    messageFromJson(nested, value, depth + 1),
  );
  if (wellKnown !== undefined) return wellKnown;
  if (!isJsonObject(json)) throw new MalformedMessageError("a JSON object is expected");
  const message = emptyMessage(shape);
  const given = new Set<FieldShape>();
  for (const [name, value] of Object.entries(json)) {
    const field = shape.byName.get(name);
    if (field === undefined || (value === null && !takesNull(field))) continue;
    if (given.has(field)) throw new MalformedMessageError("the field is given twice").within(field.protoName);
    given.add(field);
    if (field.rivals.some((rival) => message[rival] !== undefined)) {
      throw new MalformedMessageError("another field of its oneof is given too").within(field.protoName);
    }
    try {
      message[field.name] = fieldFromJson(field, value, depth);
    } catch (error) {
      throw error instanceof MalformedMessageError ? error.within(field.protoName) : error;
    }
  }
  return message;
}

function takesNull(field: FieldShape): boolean {
  return field.form === "singular" && field.message?.().fullName === "google.protobuf.Value";
}

function fieldFromJson(field: FieldShape, json: unknown, depth: number): unknown {
  switch (field.form) {
    case "map": {
      if (!isJsonObject(json)) throw new MalformedMessageError("a JSON object is expected");
      const entries = Object.entries(json);
      return new Map(
        entries.map(([key, value]) => [key, itemFromJson(field, value, JSON.stringify(key), depth)]),
      );
    }
    case "repeated":
      if (!Array.isArray(json)) throw new MalformedMessageError("a JSON array is expected");
      return json.map((item: unknown, index) => itemFromJson(field, item, String(index), depth));
    case "singular":
      return valueFromJson(field, json, depth);
  }
}

function itemFromJson(field: FieldShape, json: unknown, position: string, depth: number): unknown {
  try {
    return valueFromJson(field, json, depth);
  } catch (error) {
    throw error instanceof MalformedMessageError ? error.within(`[${position}]`) : error;
  }
}

function valueFromJson(field: FieldShape, json: unknown, depth: number): unknown {
  return field.kind === "message"
    ? messageFromJson(messageOf(field), json, depth + 1)
    : scalarFromJson(field.kind, json, field.enumValues);
}
