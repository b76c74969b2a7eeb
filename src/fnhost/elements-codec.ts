import type { Draft } from "../beam/protos/message-type.js";
import { Elements, ElementsData } from "../beam/protos/types/data.js";
import { WireType } from "../beam/protos/wire-reader.js";
import { WireWriter } from "../beam/protos/wire-writer.js";
import { type Codec, codecOf } from "../rpc/define-service.js";

/** Elements of fewer bytes are encoded as any message is. */
const largeBytes = 1 << 12;

const plain = codecOf(Elements);

/**
 * The codec of what goes to workers on their data streams. Elements are copied once, to where gRPC wants them: as
 * any other field they would be copied for each message around them.
 */
export const elementsCodec: Codec = {
  serialize: (message) => encodeLargeData(message as Draft<Elements>) ?? plain.serialize(message),
  deserialize: plain.deserialize,
};

function encodeLargeData(message: Draft<Elements>): Buffer | null {
  if (message instanceof Uint8Array || message.data?.length !== 1 || message.timers !== undefined)
    return null;
  const elements = message.data[0]!;
  if (elements instanceof Uint8Array) return null;
  const { data, isLast, ...names } = elements;
  if (data === undefined || data.length < largeBytes) return null;
  const before = ElementsData.encode(names);
  const after = ElementsData.encode({ isLast });
  const field = new WireWriter();
  field.tag(3, WireType.delimited);
  field.uint32(data.length);
  const fieldHead = field.finish();
  const head = new WireWriter();
  head.tag(1, WireType.delimited);
  head.uint32(before.length + fieldHead.length + data.length + after.length);
  return gather([head.finish(), before, fieldHead, data, after]);
}

/** Parts of a message in the form of a Buffer, as far as gRPC's server uses one: it asks for the size and copies. */
function gather(parts: readonly Uint8Array[]): Buffer {
  const gathered: Pick<Buffer, "byteLength" | "copy"> = {
    byteLength: parts.reduce((sum, { length }) => sum + length, 0),
    copy(target, start = 0) {
      let at = start;
      for (const part of parts) {
        target.set(part, at);
        at += part.length;
      }
      return at - start;
    },
  };
  return gathered as Buffer;
}
