import type { Draft } from "../beam/protos/message-type.js";
import { Elements, ElementsData } from "../beam/protos/types/data.js";
import { WireType } from "../beam/protos/wire-reader.js";
import { WireWriter } from "../beam/protos/wire-writer.js";

/** Elements of fewer bytes are encoded as any message is. */
const largeBytes = 1 << 12;

/**
 * A message of the data stream in parts that are to be sent one after the other. Elements are not copied: as any other
 * field they would be, for each message around them.
 */
export function elementsParts(message: Draft<Elements>): readonly Uint8Array[] {
  return partsOfLarge(message) ?? [Elements.encode(message)];
}

function partsOfLarge(message: Draft<Elements>): readonly Uint8Array[] | null {
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
  return [Buffer.concat([head.finish(), before, fieldHead]), data, after];
}
