import { createServer, type Socket } from "node:net";
import { FrameKind, FrameReader, frameParts } from "../../src/fnhost/link/frames.js";
import { readDirectly } from "../../src/rpc/read-directly.js";

/**
 * Two servers that send back what they get: one bytes, at the socket's own pace, and one the rows of a task, frame by
 * frame, as a host does whose worker takes no time.
 *
 * node echo-host.mjs RAW-SOCKET LINK-SOCKET
 */
const [rawPlace, linkPlace] = process.argv.slice(2) as [string, string];

function echoBytes(accepted: Socket): void {
  const room = Buffer.allocUnsafeSlow(1 << 19);
  const socket = readDirectly(accepted, {
    room: () => room,
    take: (count) => {
      socket.write(room.subarray(0, count), () => socket.resume());
      return false;
    },
  });
  socket.on("error", () => {});
}

function echoFrames(accepted: Socket): void {
  const frames = new FrameReader();
  const output = Uint8Array.of(0);
  const write = (kind: number, ...contents: readonly Uint8Array[]): void => {
    const parts = frameParts(kind, ...contents);
    socket.cork();
    for (const part of parts.slice(0, -1)) socket.write(part);
    // The content's memory is that of the next frame too.
    socket.write(parts.at(-1)!, () => socket.resume());
    socket.uncork();
  };
  const socket = readDirectly(accepted, {
    room: () => frames.room(),
    take: (count) => {
      const frame = frames.fill(count);
      if (frame?.kind === FrameKind.rows) write(FrameKind.rows, output, frame.content);
      else if (frame?.kind === FrameKind.end) write(FrameKind.done);
      else return true;
      return false;
    },
  });
  socket.on("error", () => {});
}

createServer({ pauseOnConnect: true }, echoBytes).listen(rawPlace, () => {
  createServer({ pauseOnConnect: true }, echoFrames).listen(linkPlace, () => {
    process.stdout.write("listening\n");
  });
});
