import { type AddressInfo, createServer } from "node:net";
import { status } from "@grpc/grpc-js";
import { GrpcConnection } from "../rpc/http2/grpc-connection.js";
import type { GrpcStream } from "../rpc/http2/grpc-stream.js";
import { secondStream, unknownWorker } from "./worker-call.js";
import type { Workers } from "./workers.js";

/** The only method of `BeamFnData` (data.proto): elements and timers, to a worker and from it. */
const dataPath = "/org.apache.beam.model.fn_execution.v1.BeamFnData/Data";

/** Beam's data service, which is not among those of gRPC's server: all elements go through it. */
export interface DataServer {
  readonly port: number;
  /** Ends all connections, and the server. */
  close(): void;
}

/** Serves the data streams of workers. Errors: those of listening. */
export function startDataServer(host: string, port: number, workers: Workers): Promise<DataServer> {
  const connections = new Set<GrpcConnection>();
  const server = createServer({ pauseOnConnect: true }, (accepted) => {
    const connection = new GrpcConnection(accepted, (call) => acceptCall(call, workers));
    connections.add(connection);
    accepted.on("close", () => connections.delete(connection));
  });
  const close = (): void => {
    for (const connection of connections) connection.cut();
    server.close();
  };
  return new Promise((resolve, reject) => {
    // As on the link, a connection that can't be accepted later on is its worker's failure.
    server.on("error", reject);
    server.listen(port, host.replace(/^\[(.*)\]$/, "$1"), () =>
      resolve({ port: (server.address() as AddressInfo).port, close }),
    );
  });
}

function acceptCall(call: GrpcStream, workers: Workers): void {
  if (call.headers.get(":path") !== dataPath) {
    call.end({ code: status.UNIMPLEMENTED, details: "this port serves the data streams of workers" });
    return;
  }
  const worker = workers.named(call.headers.get("worker_id") ?? "");
  if (worker === null) call.end(unknownWorker);
  else if (!worker.opens("data")) call.end(secondStream("data"));
  else {
    call.onEnd = () => {
      worker.data.end();
      worker.lose("the worker has closed its data stream");
    };
    worker.data.attach(call);
  }
}
