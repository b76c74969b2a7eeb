import { ByteWriter } from "../bytes/byte-writer.js";
import type { StatePart } from "../state-stream.js";

/** Bytes of one answer: what follows is asked for with its token. */
const partBytes = 2 << 20;

/** Collects one part of an answer. A part may be larger by its last element. */
export class PartBuilder {
  readonly out = new ByteWriter(1 << 10);

  get isFull(): boolean {
    return this.out.length >= partBytes;
  }

  /** @param next what the following part begins with, null after the last one */
  finish(next: readonly number[] | null, rest: Uint8Array = new Uint8Array(0)): StatePart {
    return {
      data: this.out.take(),
      continuationToken: next === null ? new Uint8Array(0) : tokenOf(next, rest),
    };
  }
}

function tokenOf(numbers: readonly number[], rest: Uint8Array): Uint8Array {
  const head = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) head.writeUInt32BE(number, index * 4);
  return Buffer.concat([head, rest]);
}

/** The numbers of a token that is not empty, and what follows them. Errors: an Error where there are fewer. */
export function readToken(
  token: Uint8Array,
  count: number,
): { numbers: readonly number[]; rest: Uint8Array } {
  if (token.length < count * 4) throw new Error("a continuation token that was not given for this state");
  const view = new DataView(token.buffer, token.byteOffset, token.byteLength);
  const numbers = Array.from({ length: count }, (_, index) => view.getUint32(index * 4));
  return { numbers, rest: token.subarray(count * 4) };
}
