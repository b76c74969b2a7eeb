import { URN } from "../../beam/urns.js";
import type { Layout } from "../../compiler/4-physical/layout.js";
import { copyBytes } from "../bytes/copy-bytes.js";
import { type LoopMemory, loopMemory } from "../bytes/loop-memory.js";
import type { StageEdge } from "../worker-stage.js";
import type { BinaryBuilder } from "./binary-builder.js";
import { isValueAlone } from "./is-value-alone.js";

/** Bytes before a value: its timestamp, the number of its windows, and a pane without numbers. */
const headBytes = 13;

/** So many bytes of elements that lie elsewhere come first, then more at a time. */
const firstBytes = 16 << 10;

/** About how many bytes a row has beside its values. */
export const rowBytes = 24;

/** Whether nothing of an element is read but its value: the elements at an edge may be plain. */
export function mayBePlain(layout: Layout, edge: StageEdge): boolean {
  return isValueAlone(layout) && edge.window.urn === URN.coderGlobalWindow;
}

/**
 * Takes windowed values (`beam_runner_api.proto`, WINDOWED_VALUE) as long as they are plain: of one global window and a
 * pane without numbers, with less than 2 MiB of bytes as their value, whose length stands before them. Nearly all
 * elements are, and to read them as such takes a third of the time, or a twentieth where the builder writes to the
 * loops' memory.
 *
 * @param builder takes the values, as far as there is room in what it has written to
 * @param fullAt is how many bytes the builder may have before this ends, and what new rows have beside their values
 * @returns the place of the first element that was not taken
 */
export function readPlainElements(
  bytes: Uint8Array,
  start: number,
  builder: BinaryBuilder,
  fullAt: number,
): number {
  const memory = loopMemory();
  return memory !== null && builder.out.storage.buffer === memory.buffer
    ? readInMemory(memory, bytes, start, builder, fullAt)
    : readElsewhere(bytes, start, builder, fullAt);
}

/** Reads with the loops: elements that lie elsewhere come into their memory a window at a time. */
function readInMemory(
  memory: LoopMemory,
  bytes: Uint8Array,
  start: number,
  builder: BinaryBuilder,
  fullAt: number,
): number {
  if (bytes.buffer === memory.buffer) return readHere(memory, bytes, start, builder, fullAt);
  const { window } = memory;
  let at = start;
  let rows = 0;
  // Among elements that are not plain no more is copied than is worth it.
  for (let most = firstBytes; at + headBytes < bytes.length && isPlain(bytes, at); most *= 4) {
    const before = builder.count;
    const part = bytes.subarray(at, at + Math.min(most, window.length));
    window.set(part);
    const taken = readHere(memory, window.subarray(0, part.length), 0, builder, fullAt - rows * rowBytes);
    rows += builder.count - before;
    at += taken;
    if (taken < part.length / 2) break;
  }
  return at;
}

/** Whether the element at a place is plain, as far as its head says. */
function isPlain(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at + 8] === 0 &&
    bytes[at + 9] === 0 &&
    bytes[at + 10] === 0 &&
    bytes[at + 11] === 1 &&
    bytes[at + 12]! < 0x10
  );
}

function readHere(
  { loops, ends }: LoopMemory,
  bytes: Uint8Array,
  start: number,
  builder: BinaryBuilder,
  fullAt: number,
): number {
  const { out } = builder;
  const base = bytes.byteOffset;
  const end = base + bytes.length;
  let at = base + start;
  for (let rows = 0; ; ) {
    const { length, storage } = out;
    const to = storage.byteOffset + length;
    const room = storage.byteOffset + storage.length;
    const full = fullAt - rows * rowBytes;
    at = loops.readPlain(at, end, to, room, ends.byteOffset, length, ends.length, rowBytes, full);
    const count = loops.count.value;
    builder.endAllAt(ends.subarray(0, count));
    builder.noteValid(count);
    out.advance(loops.place.value - to);
    rows += count;
    if (count < ends.length) return at - base;
  }
}

function readElsewhere(bytes: Uint8Array, start: number, builder: BinaryBuilder, fullAt: number): number {
  const { out } = builder;
  const target = out.storage;
  const end = bytes.length;
  let length = out.length;
  let at = start;
  let count = 0;
  while (length + count * rowBytes < fullAt && at + headBytes < end) {
    const windows =
      (bytes[at + 8]! << 24) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) | bytes[at + 11]!;
    if (windows !== 1 || bytes[at + 12]! >= 0x10) break;
    let from = at + headBytes;
    let size = bytes[from++]!;
    if (size >= 0x80) {
      if (from + 1 >= end) break;
      size = (size & 0x7f) | (bytes[from++]! << 7);
      if (size >= 0x4000) {
        size = (size & 0x3fff) | (bytes[from++]! << 14);
        if (size >= 0x200000) break;
      }
    }
    const to = from + size;
    if (to > end || length + size > target.length) break;
    copyBytes(bytes, from, to, target, length);
    length += size;
    builder.endAt(length);
    count++;
    at = to;
  }
  out.advance(length - out.length);
  builder.noteValid(count);
  return at;
}
