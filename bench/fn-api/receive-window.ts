import type { Http2Server, Http2Session } from "node:http2";
import type { Server } from "@grpc/grpc-js";

/** Bytes that a worker may send ahead of what the host has read. */
const windowBytes = 4 << 20;

/** The parts of gRPC's server that make its HTTP/2 servers: private, and the only place where the window is set. */
interface ServerInternals {
  commonServerOptions: { settings?: { initialWindowSize?: number } };
  createHttp2Server(credentials: unknown): Http2Server;
}

/**
 * Lets the workers of a server that is not bound yet send far ahead. gRPC's library has no setting for it, and
 * HTTP/2's default of 64 KiB holds workers up that send large elements.
 *
 * Errors: an Error where the library is not the version that this was written for.
 */
export function openReceiveWindow(server: Server): void {
  const internals = server as unknown as ServerInternals;
  if (internals.commonServerOptions === undefined || internals.createHttp2Server === undefined)
    throw new Error("this version of @grpc/grpc-js makes its HTTP/2 servers in another way");
  internals.commonServerOptions.settings = {
    ...internals.commonServerOptions.settings,
    initialWindowSize: windowBytes,
  };
  const create = internals.createHttp2Server.bind(server);
  internals.createHttp2Server = (credentials) => {
    const http2Server = create(credentials);
    http2Server.on("session", (session: Http2Session) => session.setLocalWindowSize(windowBytes));
    return http2Server;
  };
}
