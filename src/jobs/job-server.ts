import { join } from "node:path";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { createArtifactStagingService } from "./artifact-staging.js";
import type { Job } from "./job.js";
import { artifactStagingService, jobService } from "./job-api.js";
import { createJobService } from "./job-service.js";

/** Most bytes that one message, which is one pipeline, may have. */
const messageLimit = 256 * 2 ** 20;

const loopback = "127.0.0.1:0";

/** Most bytes of a socket's path on every system. */
const socketPathLimit = 100;

/** A Job service that listens. */
export interface JobServer {
  /** Its address, for `--job_endpoint`. */
  readonly endpoint: string;
  /** Where the artifacts are, each under its SHA-256; it exists once there is one. */
  readonly artifactFolder: string;
  /** The jobs in the order in which they were prepared. */
  readonly jobs: ReadonlyMap<string, Job>;
  readonly close: () => void;
}

/**
 * Starts a Job service with artifact staging, which nobody but this user can reach: what it is given will run with
 * this user's rights. It listens on a socket in the folder; where that can't be (on Windows, or where the folder's
 * path is too long for a socket), on a port of the loopback interface.
 *
 * In: a folder of this user's own, for the socket and the artifacts; what Run does with a job. Errors: those of
 * listening.
 */
export async function startJobServer(options: {
  readonly folder: string;
  readonly runJob: (job: Job) => void;
}): Promise<JobServer> {
  const jobs = new Map<string, Job>();
  let endpoint = "";
  const server = new Server({
    "grpc.max_receive_message_length": messageLimit,
    "grpc.max_send_message_length": messageLimit,
  });
  server.addService(
    jobService,
    createJobService({ jobs, artifactEndpoint: () => endpoint, runJob: options.runJob }),
  );
  const artifactFolder = join(options.folder, "artifacts");
  server.addService(artifactStagingService, createArtifactStagingService({ jobs, folder: artifactFolder }));
  const address = chooseAddress(options.folder);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  endpoint = address === loopback ? address.replace(/0$/, String(port)) : address;
  return { endpoint, artifactFolder, jobs, close: () => server.forceShutdown() };
}

function chooseAddress(folder: string): string {
  const socket = join(folder, "jobs.socket");
  const fits = Buffer.byteLength(socket) <= socketPathLimit;
  return process.platform !== "win32" && fits ? `unix:${socket}` : loopback;
}
