import { decodeMessage } from "./decode.js";
import { encodeMessage } from "./encode.js";
import { messageFromJson } from "./from-json.js";
import { createShapeRegistry, type MessageShape, type ShapeRegistry } from "./shapes.js";

/** What all decoded messages have in common. */
export interface Message {
  /** Fields that our definitions don't know, tag and value each; they are written again where the message is. */
  readonly unknownFields: readonly Uint8Array[];
}

/** A message to be encoded: absent properties stay unset, and the bytes of a message stand for it anywhere. */
export type Draft<T extends Message> =
  | Uint8Array
  | { readonly [K in keyof T]?: DraftValue<T[K]> | undefined };

type DraftValue<V> = V extends Message
  ? Draft<V>
  : V extends Uint8Array
    ? V
    : V extends ReadonlyMap<string, infer M>
      ? ReadonlyMap<string, DraftValue<M>>
      : V extends readonly (infer E)[]
        ? readonly DraftValue<E>[]
        : V;

/**
 * A message type of the Beam model. In its values, 64-bit integers are bigints, enums are numbers (so that
 * unknown ones survive), maps are Maps (so that no key is special), bytes are views into what was decoded.
 */
export interface MessageType<T extends Message> {
  /** With its package, as in the .proto file. */
  readonly fullName: string;
  /** Throws MalformedMessageError if the bytes are no such message. */
  decode(bytes: Uint8Array): T;
  /** The same content gives the same bytes, whatever the order of its maps. */
  encode(message: T | Draft<T>): Uint8Array;
  /** Reads canonical proto JSON (already parsed). Throws MalformedMessageError if it is no such message. */
  fromJson(json: unknown): T;
}

let registry: ShapeRegistry | undefined;

/** The definitions in `proto/beam`: read once, each file when one of its messages is first used. */
function shapeRegistry(): ShapeRegistry {
  registry ??= createShapeRegistry();
  return registry;
}

/** The type of a message that is defined in `file`; nothing is read before its first use. */
export function messageType<T extends Message>(file: string, fullName: string): MessageType<T> {
  let known: MessageShape | undefined;
  const shape = (): MessageShape => {
    known ??= shapeRegistry().message(file, fullName);
    return known;
  };
  return {
    fullName,
    decode: (bytes) => decodeMessage(shape(), bytes) as T,
    encode: (message) => encodeMessage(shape(), message),
    fromJson: (json) => messageFromJson(shape(), json) as T,
  };
}
