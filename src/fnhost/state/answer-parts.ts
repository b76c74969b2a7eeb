import type { StatePart } from "../state-stream.js";

/** Bytes of one answer: what follows is asked for with its token. */
const partBytes = 2 << 20;

const none = new Uint8Array(0);

/**
 * One part of what chunks hold, from where a token says. Chunks are not cut, so a part has at least one of them; a
 * token is the number of the next chunk.
 *
 * Errors: an Error for a token that this never gave.
 */
export function answerPart(chunks: readonly Uint8Array[], token: Uint8Array): StatePart {
  let index = token.length === 0 ? 0 : readToken(token, chunks.length);
  const part: Uint8Array[] = [];
  let size = 0;
  while (index < chunks.length && (size === 0 || size + chunks[index]!.length <= partBytes)) {
    part.push(chunks[index]!);
    size += chunks[index]!.length;
    index++;
  }
  return {
    data: part.length === 1 ? part[0]! : Buffer.concat(part),
    continuationToken: index < chunks.length ? writeToken(index) : none,
  };
}

function readToken(token: Uint8Array, limit: number): number {
  const index = token.length === 4 ? Buffer.from(token).readUInt32BE(0) : limit;
  if (index >= limit) throw new Error("a continuation token that was not given for this state");
  return index;
}

function writeToken(index: number): Uint8Array {
  const token = Buffer.alloc(4);
  token.writeUInt32BE(index, 0);
  return token;
}
