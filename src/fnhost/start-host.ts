import { Server } from "@grpc/grpc-js";
import type { Draft } from "../beam/protos/message-type.js";
import type { ProcessBundleDescriptor } from "../beam/protos/types/bundle.js";
import { artifactRetrievalService } from "../rpc/artifact-retrieval.js";
import { bindServer, joinPort } from "../rpc/bind-server.js";
import { largestMessage } from "../rpc/http2/grpc-stream.js";
import { createArtifactService } from "./artifact-service.js";
import { createControlService } from "./control-service.js";
import { controlService, loggingService, provisionService } from "./fn-api.js";
import { createLoggingService, type LogListener } from "./logging-service.js";
import { createProvisionService } from "./provision-service.js";
import { startDataServer } from "./start-data-server.js";
import { Workers } from "./workers.js";

/** A Fn API host that listens. */
export interface FnHost {
  /** Where workers find all its services but two, as `host:port`. */
  readonly endpoint: string;
  /** Where they open their data and state streams. */
  readonly dataEndpoint: string;
  readonly workers: Workers;
  /** The stages that workers may ask for, by id; whoever opens a stage adds it. */
  readonly descriptors: Map<string, Draft<ProcessBundleDescriptor>>;
  /** Ends all workers for the host's part, and its server. */
  close(): void;
}

/** What a host is started with. */
export interface FnHostOptions {
  /** The address to listen on; the loopback interface unless somebody has asked for another. */
  readonly host?: string;
  /** Data and state streams have the port after it; 0 is any for both. */
  readonly port?: number;
  /** The name under which workers reach it; by default that address. */
  readonly advertised?: string;
  readonly onLog: LogListener;
}

/** Starts a host. Errors: those of listening. */
export async function startHost({
  host = "127.0.0.1",
  port = 0,
  advertised = host,
  onLog,
}: FnHostOptions): Promise<FnHost> {
  const server = new Server({
    "grpc.max_receive_message_length": largestMessage,
    "grpc.max_send_message_length": largestMessage,
    // Another service on the port is an error, and not half of the workers going there.
    "grpc.so_reuseport": 0,
  });
  const workers = new Workers();
  const descriptors = new Map<string, Draft<ProcessBundleDescriptor>>();
  let endpoint = "";
  server.addService(controlService, createControlService(workers, descriptors));
  server.addService(loggingService, createLoggingService(workers, onLog));
  server.addService(artifactRetrievalService, createArtifactService(workers));
  server.addService(
    provisionService,
    createProvisionService(workers, () => endpoint),
  );
  const bound = await bindServer(server, joinPort(host, port));
  endpoint = joinPort(advertised, bound);
  const dataServer = await startDataServer(host, port === 0 ? 0 : port + 1, workers).catch(
    (error: unknown) => {
      server.forceShutdown();
      throw error;
    },
  );
  const dataEndpoint = joinPort(advertised, dataServer.port);
  const close = (): void => {
    for (const worker of workers.all()) worker.end("the host has closed");
    server.forceShutdown();
    dataServer.close();
  };
  return { endpoint, dataEndpoint, workers, descriptors, close };
}
