import { type AddressInfo, createServer } from "node:net";
import { status } from "@grpc/grpc-js";
import { GrpcConnection } from "../rpc/http2/grpc-connection.js";
import type { GrpcStream } from "../rpc/http2/grpc-stream.js";
import { secondStream, unknownWorker } from "./worker-call.js";
import type { Workers } from "./workers.js";

/**
 * What a path serves: of `BeamFnData` (data.proto) elements and timers, to a worker and from it; of `BeamFnState`
 * (state.proto) what it reads and writes beside them. Both are on one port because Go's SDK reads the values of a
 * state-backed iterable at the port of its data.
 */
const kinds: ReadonlyMap<string, "data" | "state"> = new Map([
  ["/org.apache.beam.model.fn_execution.v1.BeamFnData/Data", "data"],
  ["/org.apache.beam.model.fn_execution.v1.BeamFnState/State", "state"],
]);

/** Beam's data and state services, which are not among those of gRPC's server: all elements go through them. */
export interface DataServer {
  readonly port: number;
  /** Ends all connections, and the server. */
  close(): void;
}

/** Serves the data and state streams of workers. Errors: those of listening. */
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
  const kind = kinds.get(call.headers.get(":path") ?? "");
  if (kind === undefined) {
    call.end({ code: status.UNIMPLEMENTED, details: "this port serves data and state streams of workers" });
    return;
  }
  const worker = workers.named(call.headers.get("worker_id") ?? "");
  if (worker === null) call.end(unknownWorker);
  else if (!worker.opens(kind)) call.end(secondStream(kind));
  else {
    const stream = worker[kind];
    call.onEnd = () => {
      stream.end();
      worker.lose(`the worker has closed its ${kind} stream`);
    };
    stream.attach(call);
  }
}
