import { closeSync, constants, openSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { basename, dirname } from "node:path";

/** What a forking process says, an object a line; of an order by its number, or that it is ready. */
export interface ForkerWord {
  readonly ready?: true;
  readonly number?: number;
  /** The worker's process. */
  readonly process?: number;
  /** How it has ended. */
  readonly ended?: string;
  /** Why there is none. */
  readonly refused?: string;
}

/** Who is told of what comes to the socket. */
export interface ForkSocketListener {
  onWord(word: ForkerWord): void;
  /** A worker's output, whose other end its guard reads. */
  onWorker(number: number, output: Socket): void;
}

/** The Unix socket at which a forking process and its workers call. */
export interface ForkSocket {
  /** Sends an object; is to be called when a word has come. */
  send(message: object): void;
  close(): void;
}

/**
 * Listens at a path, which may be longer than the 107 bytes that the address of a socket has room for: Linux knows the
 * folder by a shorter one. Errors: those of listening.
 */
export async function openForkSocket(path: string, listener: ForkSocketListener): Promise<ForkSocket> {
  const folder = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  let forker: Socket | null = null;
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    takeHead(socket, (head) => {
      if (head !== "forker") {
        listener.onWorker(Number(head), socket);
        return;
      }
      forker = socket;
      takeLines(socket, (line) => listener.onWord(JSON.parse(line) as ForkerWord));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => {
      closeSync(folder);
      reject(error);
    });
    server.listen(`/proc/self/fd/${folder}/${basename(path)}`, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
  let isOpen = true;
  return {
    send: (message) => forker?.write(`${JSON.stringify(message)}\n`),
    close: () => {
      forker?.destroy();
      if (!isOpen) return;
      isOpen = false;
      // It takes its file along, by that path.
      server.close();
      closeSync(folder);
    },
  };
}

/** Takes the first line of what a socket brings; the rest is for whoever reads on. */
function takeHead(socket: Socket, take: (head: string) => void): void {
  let received = Buffer.alloc(0);
  const takeData = (data: Buffer): void => {
    received = Buffer.concat([received, data]);
    const end = received.indexOf("\n");
    if (end < 0) return;
    socket.off("data", takeData);
    socket.pause();
    if (end + 1 < received.length) socket.unshift(received.subarray(end + 1));
    take(received.toString("utf8", 0, end));
  };
  socket.on("data", takeData);
}

function takeLines(socket: Socket, take: (line: string) => void): void {
  let open = "";
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    const lines = (open + text).split("\n");
    open = lines.pop()!;
    for (const line of lines) take(line);
  });
  socket.resume();
}
