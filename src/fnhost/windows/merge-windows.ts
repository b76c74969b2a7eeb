import { ByteReader, MalformedElementError } from "../bytes/byte-reader.js";
import { ByteWriter } from "../bytes/byte-writer.js";
import { hex } from "../bytes/hex.js";
import { passPane } from "../columns/read-panes.js";
import { passWindow } from "../columns/read-windows.js";
import type { CoderTree } from "../worker-coders.js";

/** A window that stays or is new, and the windows of which it is made: all in their coder's bytes. */
export interface MergedWindow {
  readonly window: Uint8Array;
  readonly members: readonly Uint8Array[];
}

/** Writes sets of windows as elements of the question that `describeMerging` describes; their numbers name them. */
export function writeWindowSets(sets: readonly (readonly Uint8Array[])[]): Uint8Array {
  const out = new ByteWriter();
  sets.forEach((windows, number) => {
    out.int64(0, 0);
    out.int32(1);
    out.byte(0x0f);
    const name = Buffer.from(String(number));
    out.varint32(name.length);
    out.bytes(name);
    out.int32(windows.length);
    for (const window of windows) out.bytes(window);
  });
  return out.take();
}

/**
 * Reads what a worker has answered about so many sets of windows.
 *
 * Errors: MalformedElementError.
 */
export function readMergedSets(
  answers: readonly Uint8Array[],
  coder: CoderTree,
  count: number,
): readonly (readonly MergedWindow[])[] {
  const sets: MergedWindow[][] = Array.from({ length: count }, () => []);
  for (const bytes of answers) {
    const source = new ByteReader(bytes);
    while (!source.isAtEnd) readSet(source, coder, sets);
  }
  return sets;
}

function readSet(source: ByteReader, coder: CoderTree, sets: readonly MergedWindow[][]): void {
  source.skip(12);
  passPane(source);
  const length = source.length();
  const start = source.skip(length);
  const set = sets[Number(Buffer.from(source.source.subarray(start, start + length)).toString())];
  if (set === undefined) throw new MalformedElementError("an answer about windows that were not asked about");
  const window = (): Uint8Array => {
    const from = source.position;
    passWindow(coder, source);
    return source.source.subarray(from, source.position);
  };
  const merged = new Map<string, { readonly window: Uint8Array; readonly members: Uint8Array[] }>();
  const add = (result: Uint8Array, members: readonly Uint8Array[]): void => {
    const id = hex(result);
    const known = merged.get(id);
    if (known === undefined) merged.set(id, { window: result, members: [...members] });
    else known.members.push(...members);
  };
  for (const stayed of readAll(source, window)) add(stayed, [stayed]);
  for (const [result, members] of readAll(source, () => [window(), readAll(source, window)] as const))
    add(result, members);
  set.push(...[...merged.values()].filter(({ members }) => members.length > 0));
}

/** An iterable: its length and elements, or if that is not known, blocks of them up to an empty one. */
function readAll<T>(source: ByteReader, read: () => T): readonly T[] {
  const count = source.int32();
  if (count >= 0) return Array.from({ length: count }, read);
  const all: T[] = [];
  for (let block = source.length(); block > 0; block = source.length())
    for (let index = 0; index < block; index++) all.push(read());
  return all;
}
