import { allocateUnfilled } from "../../rpc/allocate-unfilled.js";
import { loopMemory, restBytes } from "./loop-memory.js";

/**
 * Bytes of elements in one message, as Beam's own runners and SDKs send them (Java's `data_buffer_size_limit` is 1 MB).
 * Go's SDK has 20 messages waiting: where these are small, its heap is, too, and is collected the more often.
 */
export const messageBytes = 1 << 20;

/** Bytes of a block: a message or a batch of the usual size (`messageBytes`) fits in, with some of the next element. */
export const blockBytes = messageBytes + (64 << 10);

/** So many blocks wait to be used again: more than what a bundle keeps of its input (`KeptInput`). */
const mostFree = 40;

const free: ArrayBuffer[] = [];
const lent = new WeakSet<ArrayBufferLike>();

/** Blocks of the loops' memory: those before `firstUnused` were used once, `freePlaces` are not lent now. */
const mostPlaces = Math.floor(restBytes / blockBytes);
const freePlaces: number[] = [];
const lentPlaces = new Set<number>();
let firstUnused = 0;

/**
 * Memory for what passes through. New memory costs more than what is written to it: the system clears it page by
 * page, and the garbage collector runs again and again for what lies outside of its heap.
 *
 * @returns a block, which is its taker's; nobody has to give it back
 */
export function takeBlock(): Uint8Array {
  const block = free.pop() ?? allocateUnfilled(blockBytes).buffer;
  lent.add(block);
  return new Uint8Array(block);
}

/**
 * A block for what the loops over plain elements read or write. Whoever takes it gives it back in the end, whatever
 * happens: it isn't collected as garbage.
 *
 * @returns one of the loops' memory, or of other memory where nothing is left of that
 */
export function takeLoopBlock(): Uint8Array {
  const memory = loopMemory();
  const place = freePlaces.pop() ?? (firstUnused < mostPlaces ? firstUnused++ : -1);
  if (memory === null || place < 0) return takeBlock();
  lentPlaces.add(place);
  return new Uint8Array(memory.buffer, memory.rest + place * blockBytes, blockBytes);
}

/**
 * Memory of at least so many bytes for what comes: where the loops can read it, if a block is enough.
 *
 * @returns what is to be given back as a block is
 */
export function takeLoopMemory(size: number): Uint8Array {
  return size > blockBytes ? allocateUnfilled(size) : takeLoopBlock();
}

/** Gives back the block that bytes lie in, for others: nobody may look at it any more. Other bytes are let be. */
export function giveBack({ buffer, byteOffset }: Uint8Array): void {
  const memory = loopMemory();
  if (memory !== null && buffer === memory.buffer) {
    const place = Math.floor((byteOffset - memory.rest) / blockBytes);
    if (lentPlaces.delete(place)) freePlaces.push(place);
  } else if (lent.delete(buffer) && free.length < mostFree) free.push(buffer as ArrayBuffer);
}

/** How many blocks of the loops' memory are lent. */
export function lentLoopBlocks(): number {
  return lentPlaces.size;
}
