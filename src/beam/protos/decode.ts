import { MalformedMessageError, maximumNesting } from "./malformed.js";
import type { FieldShape, MessageShape } from "./shapes.js";
import { WireReader, WireType } from "./wire-reader.js";

/** A decoded message while it is being filled. */
type Building = Record<string, unknown>;

/**
 * Decodes a whole message. Absent scalars get proto3's defaults; absent messages and oneof members are
 * undefined; fields that the shape doesn't know are kept in `unknownFields`, tag and value, in their order. Maps
 * are sorted by key, so that nobody comes to depend on the order in which an SDK happened to write them.
 * Throws MalformedMessageError, with the path of the field at which the bytes stop making sense.
 */
export function decodeMessage(shape: MessageShape, bytes: Uint8Array): unknown {
  const message = emptyMessage(shape);
  decodeInto(shape, message, new WireReader(bytes), 1);
  return message;
}

/** The message of a shape with nothing set. */
export function emptyMessage(shape: MessageShape): Building {
  const message: Building = {};
  for (const field of shape.fields) message[field.name] = defaultValue(field);
  message.unknownFields = noUnknownFields;
  return message;
}

const noUnknownFields: readonly Uint8Array[] = Object.freeze([]);
const emptyList: readonly unknown[] = Object.freeze([]);
const emptyBytes = new Uint8Array(0);

function defaultValue(field: FieldShape): unknown {
  if (field.form === "map") return new Map();
  if (field.form === "repeated") return emptyList;
  return field.presence ? undefined : defaultScalar(field);
}

/** What an absent value of the field's kind stands for where absence can't be told. */
function defaultScalar(field: FieldShape): unknown {
  switch (field.kind) {
    case "string":
      return "";
    case "bytes":
      return emptyBytes;
    case "bool":
      return false;
    case "int64":
      return 0n;
    case "message":
      return undefined;
    default:
      return 0;
  }
}

function decodeInto(shape: MessageShape, message: Building, reader: WireReader, depth: number): void {
  if (depth > maximumNesting) {
    throw new MalformedMessageError(`messages nest more than ${maximumNesting} deep`);
  }
  while (!reader.done) {
    const start = reader.position;
    const tag = reader.tag();
    const field = shape.byNumber.get(tag >>> 3);
    if (field === undefined || !accepts(field, tag & 7)) {
      reader.skip(tag);
      const unknown = reader.bytes.slice(start, reader.position);
      if (message.unknownFields === noUnknownFields) message.unknownFields = [unknown];
      else (message.unknownFields as Uint8Array[]).push(unknown);
      continue;
    }
    try {
      decodeField(field, message, reader, tag & 7, depth);
    } catch (error) {
      throw error instanceof MalformedMessageError ? error.within(field.protoName) : error;
    }
  }
  for (const { name } of shape.maps) message[name] = sortMap(message[name] as Map<string, unknown>);
}

function sortMap(map: Map<string, unknown>): Map<string, unknown> {
  const keys = [...map.keys()];
  const isSorted = keys.every((key, index) => index === 0 || (keys[index - 1] as string) < key);
  return isSorted ? map : new Map(keys.sort().map((key) => [key, map.get(key)]));
}

function decodeField(
  field: FieldShape,
  message: Building,
  reader: WireReader,
  wireType: number,
  depth: number,
): void {
  switch (field.form) {
    case "map":
      decodeEntry(field, message[field.name] as Map<string, unknown>, reader.nested(), depth);
      return;
    case "repeated": {
      if (message[field.name] === emptyList) message[field.name] = [];
      const list = message[field.name] as unknown[];
      if (wireType === WireType.delimited && isPackable(field)) {
        const packed = reader.nested();
        while (!packed.done) list.push(decodeScalar(field, packed));
      } else {
        list.push(
          field.kind === "message"
            ? decodeNested(field, undefined, reader, depth)
            : decodeScalar(field, reader),
        );
      }
      return;
    }
    case "singular":
      message[field.name] =
        field.kind === "message"
          ? decodeNested(field, message[field.name] as Building | undefined, reader, depth)
          : decodeScalar(field, reader);
      for (const rival of field.rivals) message[rival] = undefined;
  }
}

/** Decodes into `known` where the message came before: the wire format merges what is repeated. */
function decodeNested(
  field: FieldShape,
  known: Building | undefined,
  reader: WireReader,
  depth: number,
): Building {
  const shape = messageOf(field);
  const nested = known ?? emptyMessage(shape);
  decodeInto(shape, nested, reader.nested(), depth + 1);
  return nested;
}

function decodeEntry(field: FieldShape, map: Map<string, unknown>, reader: WireReader, depth: number): void {
  let key = "";
  let value: unknown = field.kind === "message" ? emptyMessage(messageOf(field)) : defaultScalar(field);
  while (!reader.done) {
    const tag = reader.tag();
    if (tag >>> 3 === 1 && (tag & 7) === WireType.delimited) {
      key = reader.string();
    } else if (tag >>> 3 === 2 && (tag & 7) === wireTypeOf(field)) {
      try {
        value =
          field.kind === "message"
            ? decodeNested(field, value as Building, reader, depth)
            : decodeScalar(field, reader);
      } catch (error) {
        throw error instanceof MalformedMessageError ? error.within(`[${JSON.stringify(key)}]`) : error;
      }
    } else {
      reader.skip(tag);
    }
  }
  map.set(key, value);
}

function decodeScalar(field: FieldShape, reader: WireReader): unknown {
  switch (field.kind) {
    case "bytes":
      return reader.delimited();
    case "enum":
      return reader.int32();
    case "message":
      throw new MalformedMessageError("a message is no scalar");
    default:
      return reader[field.kind]();
  }
}

/** The shape of a message field's value. */
export function messageOf(field: FieldShape): MessageShape {
  if (field.message === undefined) throw new Error(`${field.protoName} is not a message field`);
  return field.message();
}

/** Whether a field's values can be written one after another without tags. */
export function isPackable(field: FieldShape): boolean {
  return wireTypeOf(field) !== WireType.delimited;
}

/** The wire type of one value of the field. */
export function wireTypeOf(field: FieldShape): (typeof WireType)[keyof typeof WireType] {
  switch (field.kind) {
    case "string":
    case "bytes":
    case "message":
      return WireType.delimited;
    case "double":
      return WireType.fixed64;
    case "float":
      return WireType.fixed32;
    default:
      return WireType.varint;
  }
}

/** A known number with a wire type that can't be the field's is an unknown field, as protobuf libraries have it. */
function accepts(field: FieldShape, wireType: number): boolean {
  if (field.form === "map") return wireType === WireType.delimited;
  return wireType === wireTypeOf(field) || (field.form === "repeated" && wireType === WireType.delimited);
}
