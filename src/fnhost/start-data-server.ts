import { status } from "@grpc/grpc-js";
import { GrpcConnection } from "../rpc/http2/grpc-connection.js";
import type { GrpcStream, MessageMemory } from "../rpc/http2/grpc-stream.js";
import { type ConnectionServer, serveConnections } from "../rpc/serve-connections.js";
import { giveBack, takeLoopMemory } from "./bytes/blocks.js";
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

/** Messages of the usual size lie where the loops over plain elements can read them. */
const messageMemory: MessageMemory = { take: takeLoopMemory, giveBack };

/**
 * Serves the data and state streams of workers, which are not among those of gRPC's server: all elements go through
 * them. Errors: those of listening.
 */
export function startDataServer(host: string, port: number, workers: Workers): Promise<ConnectionServer> {
  const where = { host: host.replace(/^\[(.*)\]$/, "$1"), port };
  return serveConnections(
    where,
    (accepted) => new GrpcConnection(accepted, messageMemory, (call) => acceptCall(call, workers)),
  );
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
