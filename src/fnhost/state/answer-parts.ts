import type { StatePart } from "../state-stream.js";

/** Bytes of one answer: what follows is asked for with its token. */
const partBytes = 2 << 20;

const none = new Uint8Array(0);

/** Some of the bytes of an answer, which may have to be fetched. */
export interface AnswerPiece {
  readonly length: number;
  read(): Uint8Array;
}

/** Pieces of which many lie beside each other. */
export interface AnswerPieces {
  readonly count: number;
  lengthOf(piece: number): number;
  /** The bytes of the pieces from `start` on, and before `end`, in as few parts as may be. */
  read(start: number, end: number): readonly Uint8Array[];
}

/**
 * One part of what pieces hold, from where a token says. Pieces are not cut, so a part has at least one of them; a
 * token is the number of the next piece.
 *
 * Errors: an Error for a token that this never gave.
 */
export function answerPart(pieces: readonly AnswerPiece[], token: Uint8Array): StatePart {
  const all: AnswerPieces = {
    count: pieces.length,
    lengthOf: (piece) => pieces[piece]!.length,
    read: (start, end) => pieces.slice(start, end).map((piece) => piece.read()),
  };
  return answerPartOf(all, token);
}

/** The same where pieces are read together. Errors: an Error for a token that this never gave. */
export function answerPartOf(pieces: AnswerPieces, token: Uint8Array): StatePart {
  const start = token.length === 0 ? 0 : readToken(token, pieces.count);
  let end = start;
  let size = 0;
  while (end < pieces.count && (size === 0 || size + pieces.lengthOf(end) <= partBytes)) {
    size += pieces.lengthOf(end);
    end++;
  }
  const part = pieces.read(start, end);
  return {
    data: part.length === 1 ? part[0]! : Buffer.concat(part),
    continuationToken: end < pieces.count ? writeToken(end) : none,
  };
}

/** A piece of bytes that are at hand. */
export function pieceOf(bytes: Uint8Array): AnswerPiece {
  return { length: bytes.length, read: () => bytes };
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
