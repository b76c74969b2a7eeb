import { join } from "node:path";
import { logVerbosity, Server, setLogVerbosity } from "@grpc/grpc-js";
import { fitsSocket } from "../machine/socket-path.js";
import { artifactRetrievalService } from "../rpc/artifact-retrieval.js";
import { bindServer, joinPort } from "../rpc/bind-server.js";
import { createArtifactRetrievalService } from "./artifact-retrieval.js";
import { createArtifactStagingService } from "./artifact-staging.js";
import type { Job } from "./job.js";
import { artifactStagingService, jobService } from "./job-api.js";
import { createJobService, type JobHandler } from "./job-service.js";

/** Most bytes that one message, which is one pipeline, may have. */
const messageLimit = 256 * 2 ** 20;

const loopback = "127.0.0.1:0";

/** How long clients may take to read what they were sent before their connections are cut. */
const patience = 2_000;

/** A Job service that listens. */
export interface JobServer {
  /** Its address, for `--job_endpoint`. */
  readonly endpoint: string;
  /** The address for artifacts. All services answer at both. */
  readonly artifactEndpoint: string;
  /** Where the artifacts are, each under its SHA-256; it exists once there is one. */
  readonly artifactFolder: string;
  /** The jobs in the order in which they were prepared. */
  readonly jobs: ReadonlyMap<string, Job>;
  /** Takes no more calls, lets those that are open end for a moment, then cuts them. */
  readonly close: () => Promise<void>;
}

/** What a Job service is started with. */
export interface JobServerOptions {
  /** A folder of this user's own, for the socket and the artifacts. */
  readonly folder: string;
  readonly handler: JobHandler;
  /** Where jobs are kept; whoever has given it may forget some. */
  readonly jobs?: Map<string, Job>;
  /** A host and two ports of it, 0 for any that are free; without it, where nobody but this user can reach it. */
  readonly listen?: { readonly host: string; readonly jobPort: number; readonly artifactPort: number };
  /** Where the artifacts go; by default into the folder. */
  readonly artifactFolder?: string | undefined;
}

/**
 * Starts a Job service with artifact staging. What it is given runs with this user's rights, so by default it
 * listens on a socket in the folder; where that can't be (on Windows, or where the folder's path is too long for a
 * socket), on a port of the loopback interface.
 *
 * Errors: those of listening.
 */
export async function startJobServer(options: JobServerOptions): Promise<JobServer> {
  // What goes wrong is an error here or at the client; its library would write it to our output as well.
  if (process.env.GRPC_VERBOSITY === undefined) setLogVerbosity(logVerbosity.NONE);
  const jobs = options.jobs ?? new Map<string, Job>();
  const endpoints = { job: "", artifact: "" };
  const server = new Server({
    "grpc.max_receive_message_length": messageLimit,
    "grpc.max_send_message_length": messageLimit,
    // Another service on the port is an error, and not half of the calls going there.
    "grpc.so_reuseport": 0,
  });
  const artifactEndpoint = (): string => endpoints.artifact;
  server.addService(jobService, createJobService({ jobs, artifactEndpoint, handler: options.handler }));
  const artifactFolder = options.artifactFolder ?? join(options.folder, "artifacts");
  server.addService(artifactStagingService, createArtifactStagingService({ jobs, folder: artifactFolder }));
  server.addService(
    artifactRetrievalService,
    createArtifactRetrievalService({ jobs, folder: artifactFolder }),
  );
  try {
    if (options.listen === undefined) {
      const address = chooseAddress(options.folder);
      const port = await bindServer(server, address);
      endpoints.job = address === loopback ? address.replace(/0$/, String(port)) : address;
      endpoints.artifact = endpoints.job;
    } else {
      const { host, jobPort, artifactPort } = options.listen;
      endpoints.job = joinPort(host, await bindServer(server, joinPort(host, jobPort)));
      const isOne = artifactPort === jobPort && jobPort !== 0;
      endpoints.artifact = isOne
        ? endpoints.job
        : joinPort(host, await bindServer(server, joinPort(host, artifactPort)));
    }
  } catch (error) {
    server.forceShutdown();
    throw error;
  }
  const close = (): Promise<void> => closeServer(server);
  return { endpoint: endpoints.job, artifactEndpoint: endpoints.artifact, artifactFolder, jobs, close };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, patience);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function chooseAddress(folder: string): string {
  const socket = join(folder, "jobs.socket");
  return fitsSocket(socket) ? `unix:${socket}` : loopback;
}
