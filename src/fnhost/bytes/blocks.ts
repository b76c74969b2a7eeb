import { allocateUnfilled } from "../../rpc/allocate-unfilled.js";

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

/** Gives back the block that bytes lie in, for others: nobody may look at it any more. Other bytes are let be. */
export function giveBack({ buffer }: Uint8Array): void {
  if (!lent.delete(buffer) || free.length === mostFree) return;
  free.push(buffer as ArrayBuffer);
}
