import { isPackable, messageOf, wireTypeOf } from "./decode.js";
import type { FieldShape, MessageShape } from "./shapes.js";
import { WireType } from "./wire-reader.js";
import { WireWriter } from "./wire-writer.js";

/**
 * Encodes a message, or part of one: properties that are absent are not written. Wherever a message is expected,
 * its bytes will do and are written as they are. Fields go by their numbers, maps by their sorted keys, unknown
 * fields last: the same content gives the same bytes.
 */
export function encodeMessage(shape: MessageShape, message: Uint8Array | object): Uint8Array {
  if (message instanceof Uint8Array) return message;
  const values = message as Readonly<Record<string, unknown>>;
  const writer = new WireWriter();
  for (const field of shape.fields) {
    const value = values[field.name];
    if (value !== undefined) encodeField(field, value, writer);
  }
  for (const unknown of (values.unknownFields ?? []) as readonly Uint8Array[]) writer.raw(unknown);
  return writer.finish();
}

function encodeField(field: FieldShape, value: unknown, writer: WireWriter): void {
  switch (field.form) {
    case "map": {
      const map = value as ReadonlyMap<string, unknown>;
      for (const key of [...map.keys()].sort()) encodeEntry(field, key, map.get(key), writer);
      return;
    }
    case "repeated":
      encodeList(field, value as readonly unknown[], writer);
      return;
    case "singular":
      if (field.presence || !isDefault(value)) encodeValue(field, field.number, value, writer);
  }
}

function encodeList(field: FieldShape, list: readonly unknown[], writer: WireWriter): void {
  if (list.length === 0) return;
  if (!isPackable(field)) {
    for (const item of list) encodeValue(field, field.number, item, writer);
    return;
  }
  const packed = new WireWriter();
  for (const item of list) encodeScalar(field, item, packed);
  writer.tag(field.number, WireType.delimited);
  writer.delimited(packed.finish());
}

/** Key and value are always written, also where they are defaults, as all protobuf libraries do. */
function encodeEntry(field: FieldShape, key: string, value: unknown, writer: WireWriter): void {
  const entry = new WireWriter();
  entry.tag(1, WireType.delimited);
  entry.string(key);
  encodeValue(field, 2, value, entry);
  writer.tag(field.number, WireType.delimited);
  writer.delimited(entry.finish());
}

function encodeValue(field: FieldShape, number: number, value: unknown, writer: WireWriter): void {
  writer.tag(number, wireTypeOf(field));
  if (field.kind === "message")
    writer.delimited(encodeMessage(messageOf(field), value as Uint8Array | object));
  else encodeScalar(field, value, writer);
}

function encodeScalar(field: FieldShape, value: unknown, writer: WireWriter): void {
  switch (field.kind) {
    case "string":
      writer.string(value as string);
      return;
    case "bytes":
      writer.delimited(value as Uint8Array);
      return;
    case "bool":
      writer.bool(value as boolean);
      return;
    case "int64":
      writer.int64(value as bigint);
      return;
    case "double":
      writer.double(value as number);
      return;
    case "float":
      writer.float(value as number);
      return;
    default:
      writer.int32(value as number);
  }
}

/** Negative zero is not the default: it would not come back. */
function isDefault(value: unknown): boolean {
  return value instanceof Uint8Array ? value.length === 0 : !value && !Object.is(value, -0);
}
