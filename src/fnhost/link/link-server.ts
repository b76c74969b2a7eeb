import { createServer, type Server } from "node:net";
import { LinkConnection, type LinkContext } from "./link-connection.js";

/** Serves Spark tasks on a Unix socket: one connection for each task. */
export function startLinkServer(path: string, context: LinkContext): Promise<Server> {
  let tasks = 0;
  const server = createServer((socket) => {
    tasks++;
    new LinkConnection(socket, `task-${tasks}`, context);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => resolve(server));
  });
}
