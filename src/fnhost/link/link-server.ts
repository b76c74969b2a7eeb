import { randomBytes } from "node:crypto";
import { fitsSocket } from "../../machine/socket-path.js";
import { serveConnections } from "../../rpc/serve-connections.js";
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
 *   Errors: those of listening, and a path that is too long for a socket.
 */
export async function startLinkServer(address: string, context: LinkContext): Promise<LinkServer> {
  // A process with workers of several hosts may tell one of them what it logs for another one's task.
  const tasksName = context.tasksName ?? `task-${randomBytes(8).toString("hex")}`;
  let tasks = 0;
  const path = address.startsWith(unixPrefix) ? address.slice(unixPrefix.length) : undefined;
  if (path !== undefined && !fitsSocket(path)) throw new Error(`this path is too long for a socket: ${path}`);
  const cut = address.lastIndexOf(":");
  const host = address.slice(0, cut);
  const server = await serveConnections(
    path === undefined ? { host, port: Number(address.slice(cut + 1)) } : { path },
    (accepted) => new LinkConnection(accepted, `${tasksName}-${++tasks}`, context),
  );
  const { connections, close, port } = server;
  return { address: path === undefined ? `${host}:${port}` : address, connections, close };
}
