import { URN } from "../../beam/urns.js";
import { type ByteReader, MalformedElementError } from "../bytes/byte-reader.js";
import { ByteWriter } from "../bytes/byte-writer.js";
import type { CoderTree } from "../worker-coders.js";

/**
 * Reads one value of a coder from bytes and writes it again, where only what follows it differs: an outermost value
 * ends with its bytes, a nested one says where it ends (`beam_runner_api.proto`, StandardCoders).
 */
export function reencode(
  coder: CoderTree,
  source: ByteReader,
  isNestedThere: boolean,
  out: ByteWriter,
  isNestedHere: boolean,
): void {
  switch (coder.urn) {
    case URN.coderBytes:
    case URN.coderStringUtf8: {
      const count = isNestedThere ? source.length() : source.end - source.position;
      const start = source.skip(count);
      if (isNestedHere) out.varint32(count);
      out.range(source.source, start, start + count);
      return;
    }
    case URN.coderLengthPrefix: {
      const count = source.length();
      const start = source.skip(count);
      out.varint32(count);
      out.range(source.source, start, start + count);
      return;
    }
    case URN.coderBool:
      out.byte(source.byte());
      return;
    case URN.coderVarint:
      source.varint64();
      out.varint64(source.low, source.high);
      return;
    case URN.coderDouble:
      source.int64();
      out.int64(source.low, source.high);
      return;
    case URN.coderGlobalWindow:
      return;
    case URN.coderIntervalWindow:
      source.int64();
      out.int64(source.low, source.high);
      source.varint64();
      out.varint64(source.low, source.high);
      return;
    case URN.coderNullable: {
      const isPresent = source.byte();
      out.byte(isPresent);
      if (isPresent !== 0) reencode(coder.parts[0]!, source, isNestedThere, out, isNestedHere);
      return;
    }
    case URN.coderKv:
      reencode(coder.parts[0]!, source, true, out, true);
      reencode(coder.parts[1]!, source, isNestedThere, out, isNestedHere);
      return;
    case URN.coderIterable:
      reencodeIterable(coder.parts[0]!, source, out);
      return;
    default:
      throw new MalformedElementError(`the host does not read ${coder.urn}`);
  }
}

/** An iterable whose length was not known comes in blocks, each after its count, and an empty one at the end. */
function reencodeIterable(element: CoderTree, source: ByteReader, out: ByteWriter): void {
  const copy = (count: number): void => {
    for (let index = 0; index < count; index++) reencode(element, source, true, out, true);
  };
  const count = source.int32();
  out.int32(count);
  if (count >= 0) {
    copy(count);
    return;
  }
  for (;;) {
    const block = source.length();
    out.varint32(block);
    if (block === 0) return;
    copy(block);
  }
}

/** Takes the bytes of values that are only passed over. */
const passed = new ByteWriter(64);

/** Passes over a nested value. Errors: MalformedElementError. */
export function passValue(coder: CoderTree, source: ByteReader): void {
  reencode(coder, source, true, passed, true);
  passed.truncate();
}
