import { logVerbosity, Server, setLogVerbosity } from "@grpc/grpc-js";
import { bindServer, joinPort } from "../../rpc/bind-server.js";
import { workerPoolService } from "../pool-api.js";
import type { WorkerContext } from "../worker-context.js";
import { createPoolService } from "./pool-service.js";
import { PoolWorkers } from "./pool-workers.js";

/** A worker pool that listens. */
export interface RunningPool {
  /** As `host:port`. */
  readonly endpoint: string;
  /** Stops all workers, waits until nothing of them is left, and stops listening. */
  close(): Promise<void>;
}

/** Serves Beam's external worker pool. Errors: those of listening. */
export async function startPool(host: string, port: number, context: WorkerContext): Promise<RunningPool> {
  // What it has to say of a port that is taken is in the error.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({ "grpc.so_reuseport": 0 });
  const workers = new PoolWorkers(context);
  server.addService(workerPoolService, createPoolService(workers));
  const bound = await bindServer(server, joinPort(host, port));
  return {
    endpoint: joinPort(host, bound),
    close: async () => {
      await workers.close();
      await Promise.all([context.packages.close(), context.forkers.close()]);
      server.forceShutdown();
    },
  };
}
