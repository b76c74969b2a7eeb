import { Socket, type SocketConstructorOpts } from "node:net";

/** What reads into memory of its own choice. */
export interface DirectReader {
  /** Where the next bytes are to be written to. */
  room(): Uint8Array;
  /** Takes so many bytes of the room that was given last. @returns whether more may come before `resume` */
  take(count: number): boolean;
}

/**
 * A socket that reads straight into a reader's memory, in place of one that a server has accepted but not read
 * (`pauseOnConnect`). Node has this for sockets that connect only: the handle of one that was accepted is private.
 * Without it each 64 KiB of what comes are an array of their own, to be copied and collected.
 *
 * Errors: an Error where Node is not a version that this was written for.
 */
export function readDirectly(accepted: Socket, { room, take }: DirectReader): Socket {
  const holder = accepted as unknown as { _handle: unknown };
  if (!holder._handle) throw new Error("this version of Node keeps the handles of sockets in another place");
  const options = { handle: holder._handle, onread: { buffer: room, callback: take } };
  const socket = new Socket(options as unknown as SocketConstructorOpts);
  // The server counts the socket that it has accepted.
  holder._handle = null;
  socket.on("close", () => accepted.destroy());
  return socket;
}
