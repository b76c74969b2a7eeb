import { error, warning } from "../define-code.js";

/** Why no worker of an SDK runs, and what the worker pool remarks on. */
export const workerCodes = {
  "worker/environment-unknown": error<{ urn: string }>({
    why: ({ urn }) => `no worker can be started in an environment of the kind ${urn || "(none)"}`,
    hint: "say how workers are started with spark.beam2spark.workers: process, docker, or HOST:PORT of a worker pool",
  }),
  "worker/choice-unknown": error<{ choice: string }>({
    why: ({ choice }) => `${choice} is no way to start workers`,
    hint: "spark.beam2spark.workers is auto, process, docker, or HOST:PORT of a worker pool",
  }),
  "worker/environment-unreadable": error<{ urn: string; reason: string }>({
    why: ({ urn, reason }) => `the environment ${urn} can't be read: ${reason}`,
  }),
  "worker/not-started": error<{ reason: string }>({
    why: ({ reason }) => `the worker can't be started: ${reason}`,
  }),
  "worker/ended": error<{ end: string }>({
    why: ({ end }) => `the worker ended with ${end} before it had connected`,
  }),
  "worker/never-connected": error<{ seconds: number }>({
    why: ({ seconds }) => `the worker has not connected in ${seconds} seconds, and was stopped`,
    hint: "the addresses of the host must be those that the worker can reach; one that has much to fetch or install gets more time by spark.beam2spark.workerStartSeconds",
  }),
  "worker/pool-unreachable": error<{ endpoint: string; reason: string }>({
    why: ({ endpoint, reason }) => `the worker pool at ${endpoint} can't be reached: ${reason}`,
    hint: "start one there (beam2spark worker-pool), or name another with spark.beam2spark.workers=HOST:PORT",
  }),
  "worker/pool-refused": error<{ endpoint: string; reason: string }>({
    why: ({ endpoint, reason }) => `the worker pool at ${endpoint} has started no worker: ${reason}`,
  }),
  "worker/docker-missing": error<{ image: string; reason: string }>({
    why: ({ image, reason }) => `the container ${image} can't be started: ${reason}`,
    hint: "spark.beam2spark.workers=process starts workers without a container; HOST:PORT asks a worker pool there, such as one in a container beside the executor",
  }),
  "worker/wrong-machine": error<{ file: string; found: string; here: string; build: string }>({
    why: ({ file, found, here }) => `${file} is a program for ${found}, and this machine is ${here}`,
    hint: ({ build }) =>
      `build it for this machine: ${build} -o worker . (with cgo, set CGO_ENABLED=0 or a C compiler for it, and mind that both use the same libc)`,
  }),
  "worker/loader-missing": error<{ file: string; loader: string }>({
    why: ({ file, loader }) =>
      `${file} is linked for a C library that this machine lacks: it has no ${loader}`,
    hint: "build it without cgo (CGO_ENABLED=0 go build), or on a system with the same libc",
  }),
  "worker/no-binary": error({
    why: "the environment has no worker binary among its artifacts",
    hint: "submit the pipeline with --worker_binary, or capture it with beam2spark capture, which keeps the binary",
  }),
  "worker/boot-missing": error<{ language: string }>({
    why: ({ language }) => `workers of the ${language} SDK are started by their container's boot program`,
    hint: "name it with --boot COMMAND (in Beam's containers it is /opt/apache/beam/boot)",
  }),
  "worker/artifact-missing": error<{ name: string }>({
    why: ({ name }) => `the environment needs the file ${name}, which is not among the project's artifacts`,
  }),
  "worker/artifact-refused": error<{ name: string; reason: string }>({
    why: ({ name, reason }) => `the artifact ${name} was not taken: ${reason}`,
  }),
  "worker/packages-failed": error<{ name: string; end: string }>({
    why: ({ name, end }) => `the staged package ${name} can't be installed: pip ended with ${end}`,
  }),
  "worker/pool-cannot-listen": error<{ reason: string }>({
    why: ({ reason }) => `the worker pool can't listen: ${reason}`,
    hint: "name another port with --port; 0 is any that is free",
  }),
  "worker/pool-open-to-others": warning<{ host: string }>({
    why: ({ host }) =>
      `whoever reaches ${host} can run programs here with your rights: the pool asks nobody who they are`,
    hint: "leave out --host to listen on this machine alone; the containers of a Kubernetes pod are one machine",
  }),
};
