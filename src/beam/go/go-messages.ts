import { MalformedMessageError } from "../protos/malformed.js";
import { WireReader, WireType } from "../protos/wire-reader.js";

/**
 * Follows fields of nested messages, each by its number, to the last one that has a length. The Go SDK's messages are
 * no part of the Beam model, and of their many fields only names are wanted (`graphx/v1/v1.proto` of the Go SDK).
 *
 * @returns its bytes, the last ones where it is repeated; null where a field is absent or the bytes are no message
 */
export function followFields(message: Uint8Array, path: readonly number[]): Uint8Array | null {
  let current: Uint8Array | null = message;
  for (const number of path) {
    current = findField(current, number);
    if (current === null) return null;
  }
  return current;
}

/** A number of a message; 0 where it is absent, as in proto3, and null where the bytes are no message. */
export function readNumber(message: Uint8Array, number: number): number | null {
  let found = 0;
  const isMessage = visitFields(message, (reader, tag) => {
    if (tag !== number * 8 + WireType.varint) return false;
    found = reader.int32();
    return true;
  });
  return isMessage ? found : null;
}

function findField(message: Uint8Array, number: number): Uint8Array | null {
  let found: Uint8Array | null = null;
  const isMessage = visitFields(message, (reader, tag) => {
    if (tag !== number * 8 + WireType.delimited) return false;
    found = reader.delimited();
    return true;
  });
  return isMessage ? found : null;
}

/** Shows each field to `take`, which says whether it has read it. @returns whether the bytes are a message */
function visitFields(message: Uint8Array, take: (reader: WireReader, tag: number) => boolean): boolean {
  const reader = new WireReader(message);
  try {
    while (!reader.done) {
      const tag = reader.tag();
      if (!take(reader, tag)) reader.skip(tag);
    }
    return true;
  } catch (error) {
    if (error instanceof MalformedMessageError) return false;
    throw error;
  }
}
