import type { ByteWriter } from "../bytes/byte-writer.js";
import { copyBytes } from "../bytes/copy-bytes.js";
import { type LoopMemory, loopMemory } from "../bytes/loop-memory.js";
import type { ColumnData } from "./column-data.js";

/** Most bytes of a length. */
const lengthBytes = 5;

/** What writes rows of a column: `writePlainElements` says how. */
type PlainWriter = (
  head: Uint8Array,
  column: ColumnData,
  start: number,
  end: number,
  out: ByteWriter,
  fullAt: number,
) => number;

/**
 * Writes rows as windowed values (`beam_runner_api.proto`, WINDOWED_VALUE) whose heads are all the same, and whose
 * values are bytes with their length before them: as far as there is room in what was written to, or until there are so
 * many bytes.
 *
 * @param head is what stands before each value
 * @param end is behind the last row
 * @returns the first row that was not written
 */
export const writePlainElements: PlainWriter = (head, column, start, end, out, fullAt) => {
  const memory = loopMemory();
  const isThere =
    memory !== null &&
    head.length <= memory.head.length / 2 &&
    [out.storage, column.values!, column.offsets!].every(({ buffer }) => buffer === memory.buffer);
  return isThere
    ? writeInMemory(memory, head, column, start, end, out, fullAt)
    : writeElsewhere(head, column, start, end, out, fullAt);
};

function writeInMemory(
  { loops, head: place }: LoopMemory,
  ...[head, { offsets, values, offset }, start, end, out, fullAt]: Parameters<PlainWriter>
): number {
  place.set(head);
  const { byteOffset, length: roomBytes } = out.storage;
  const to = byteOffset + out.length;
  const room = byteOffset + roomBytes;
  const full = Math.min(room, byteOffset + fullAt);
  const ends = offsets!.byteOffset + offset * 4;
  const from = values!.byteOffset;
  const size = values!.length;
  const row = loops.writePlain(place.byteOffset, head.length, ends, from, size, start, end, to, room, full);
  out.advance(loops.place.value - to);
  return row;
}

const writeElsewhere: PlainWriter = (head, { offsets, values, offset }, start, end, out, fullAt) => {
  const source = values!;
  const ends = offsets!;
  const target = out.storage;
  let length = out.length;
  let row = start;
  let from = ends[row + offset]!;
  for (; row < end && length < fullAt; row++) {
    const to = ends[row + offset + 1]!;
    const size = to - from;
    if (length + head.length + lengthBytes + size > target.length) break;
    for (let index = 0; index < head.length; index++) target[length++] = head[index]!;
    let left = size;
    for (; left > 0x7f; left >>>= 7) target[length++] = (left & 0x7f) | 0x80;
    target[length++] = left;
    copyBytes(source, from, to, target, length);
    length += size;
    from = to;
  }
  out.advance(length - out.length);
  return row;
};
