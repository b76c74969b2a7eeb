import type { Draft } from "../beam/protos/message-type.js";
import type { GetArtifactResponse } from "../beam/protos/types/artifact.js";

/** Bytes of one piece of a file: half of what gRPC's clients take by default. */
export const pieceSize = 2 * 2 ** 20;

/** What gRPC's server gives for a call that is answered with the pieces of a file. */
export interface PieceStream {
  readonly cancelled: boolean;
  write(message: Draft<GetArtifactResponse>): boolean;
  on(event: "drain" | "close", listener: () => void): unknown;
  off(event: "drain" | "close", listener: () => void): unknown;
}

/** Sends pieces as fast as the caller takes them, and stops where it has gone. Errors: those of reading the pieces. */
export async function sendPieces(
  call: PieceStream,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  for await (const data of pieces) {
    if (call.cancelled) return;
    if (!call.write({ data })) await waitForRoom(call);
  }
}

/** Content that is at hand, in pieces. */
export function* cutPieces(content: Uint8Array): Iterable<Uint8Array> {
  for (let start = 0; start < content.length; start += pieceSize) {
    yield content.subarray(start, start + pieceSize);
  }
}

function waitForRoom(call: PieceStream): Promise<void> {
  return new Promise((resolve) => {
    const goOn = (): void => {
      call.off("drain", goOn);
      call.off("close", goOn);
      resolve();
    };
    call.on("drain", goOn);
    call.on("close", goOn);
  });
}
