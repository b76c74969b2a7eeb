import { type Server, ServerCredentials } from "@grpc/grpc-js";

/** Has a server listen on `host:port` or `unix:PATH`. Out: the port. Errors: those of listening. */
export function bindServer(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

/** What listening failed with, without gRPC's words around it. */
export function listenReason({ message }: Error): string {
  return /\[(listen .*?)\]/.exec(message)?.[1] ?? message;
}

/** A host and a port as one address; IPv6 addresses get their brackets. */
export function joinPort(host: string, port: number): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]:${port}` : `${host}:${port}`;
}
