import { type AddressInfo, createServer } from "node:net";
import { LinkConnection, type LinkContext } from "./link-connection.js";

/** The link's server. */
export interface LinkServer {
  /** Where it listens: `unix:PATH`, or `HOST:PORT`. */
  readonly address: string;
  /** How many tasks are connected. */
  connections(): number;
  /** Ends all connections and the server, whose socket file goes. */
  close(): void;
}

const unixPrefix = "unix:";

/**
 * Serves Spark tasks: one connection for each task.
 *
 * @param address `unix:PATH`, whose folder decides who may connect, or `HOST:PORT`, where port 0 is any that is free.
 *   Errors: those of listening.
 */
export function startLinkServer(address: string, context: LinkContext): Promise<LinkServer> {
  let tasks = 0;
  const connections = new Set<LinkConnection>();
  const server = createServer({ pauseOnConnect: true }, (accepted) => {
    tasks++;
    const connection = new LinkConnection(accepted, `task-${tasks}`, context);
    connections.add(connection);
    accepted.on("close", () => connections.delete(connection));
  });
  const close = (): void => {
    for (const connection of connections) connection.cut();
    server.close();
  };
  return new Promise((resolve, reject) => {
    // A connection that can't be accepted later on, for want of descriptors, is its task's failure and not the host's.
    server.on("error", reject);
    const listening = (bound: string): void =>
      resolve({ address: bound, connections: () => connections.size, close });
    if (address.startsWith(unixPrefix)) {
      server.listen(address.slice(unixPrefix.length), () => listening(address));
      return;
    }
    const cut = address.lastIndexOf(":");
    const host = address.slice(0, cut);
    server.listen(Number(address.slice(cut + 1)), host, () => {
      listening(`${host}:${(server.address() as AddressInfo).port}`);
    });
  });
}
