import { type AddressInfo, createServer, type ListenOptions, type Socket } from "node:net";

/** What is made of an accepted socket. */
interface Connection {
  /** Ends it, whatever is open on it. */
  cut(): void;
}

/** A server whose connections read their sockets themselves. */
export interface ConnectionServer {
  /** The port that it listens on; 0 for a path. */
  readonly port: number;
  /** How many connections are open. */
  connections(): number;
  /** Ends all connections, and the server. */
  close(): void;
}

/**
 * Listens, and opens a connection for each socket, which nobody has read (`readDirectly`).
 *
 * Errors: those of listening. A socket that can't be accepted later on, for want of descriptors, is its client's failure
 * and not the server's.
 */
export function serveConnections(
  where: ListenOptions,
  open: (accepted: Socket) => Connection,
): Promise<ConnectionServer> {
  const connections = new Set<Connection>();
  const server = createServer({ pauseOnConnect: true }, (accepted) => {
    const connection = open(accepted);
    connections.add(connection);
    accepted.on("close", () => connections.delete(connection));
  });
  const close = (): void => {
    for (const connection of connections) connection.cut();
    server.close();
  };
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(where, () => {
      const port = where.path === undefined ? (server.address() as AddressInfo).port : 0;
      resolve({ port, connections: () => connections.size, close });
    });
  });
}
