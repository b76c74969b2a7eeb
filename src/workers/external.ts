import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { decodeExternalPayload } from "../beam/payloads/environment.js";
import type {
  StartWorkerRequest,
  StartWorkerResponse,
  StopWorkerRequest,
  StopWorkerResponse,
} from "../beam/protos/types/worker-pool.js";
import { callMethod, openClient } from "../rpc/call-service.js";
import { readEnd } from "./end-text.js";
import { answerParameter, workerPoolService } from "./pool-api.js";
import { startFailure } from "./start-failure.js";
import type { StartedWorker, WorkerEnd, WorkerOrder } from "./worker-order.js";

const stopPatience = 15_000;

/** A pool that starts workers for whoever asks. */
export interface PoolAddress {
  readonly endpoint: string;
  readonly params: ReadonlyMap<string, string>;
}

/** `beam:env:external:v1`: a pool's workers; a program in LOOPBACK is one (`beam_runner_api.proto`, ExternalPayload). */
export async function startExternalWorker(order: WorkerOrder): Promise<StartedWorker> {
  const { urn, payload } = order.environment;
  const decoded = decodeExternalPayload(payload);
  if (!decoded.ok) throw startFailure("worker/environment-unreadable", { urn, reason: decoded.why });
  const { endpoint, params } = decoded.value;
  return startPoolWorker(order, { endpoint: endpoint.url, params });
}

/**
 * Asks a pool for a worker. The answer is not waited for: ours comes when the worker has ended. What it says, and
 * that the pool can't be reached, is how the worker has ended.
 */
export function startPoolWorker(
  { workerId, endpoints, signal }: Omit<WorkerOrder, "environment">,
  { endpoint, params }: PoolAddress,
): StartedWorker {
  const client = openClient(endpoint);
  const giveUp = new AbortController();
  const answer = callMethod<StartWorkerRequest, StartWorkerResponse>(
    client,
    workerPoolService.StartWorker!,
    {
      workerId,
      controlEndpoint: { url: endpoints.control },
      loggingEndpoint: { url: endpoints.logging },
      artifactEndpoint: { url: endpoints.artifact },
      provisionEndpoint: { url: endpoints.provision },
      params: new Map([...params, [answerParameter.name, answerParameter.atEnd]]),
    },
    {
      metadata: new Metadata(),
      milliseconds: 0,
      signal: signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal,
    },
  );
  let leave: (end: WorkerEnd) => void = () => {};
  const left = new Promise<WorkerEnd>((resolve) => {
    leave = resolve;
  });
  const ended = answer.then(
    ({ error }) => (error === "" ? left : (readEnd(error) ?? describeRefusal(error, endpoint))),
    (error: ServiceError) => (error.code === status.CANCELLED ? left : describeLoss(error, endpoint)),
  );
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    try {
      await callMethod<StopWorkerRequest, StopWorkerResponse>(
        client,
        workerPoolService.StopWorker!,
        { workerId },
        { metadata: new Metadata(), milliseconds: stopPatience },
      );
    } catch {
      // A pool that has gone has no workers.
    }
    leave({ how: "its pool stopping it", output: "" });
    giveUp.abort();
    client.close();
  };
  return {
    ended,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

function describeRefusal(error: string, endpoint: string): WorkerEnd {
  const [reason = "", ...output] = error.split("\n");
  const text = output.join("\n");
  return {
    how: reason,
    output: text,
    failure: startFailure("worker/pool-refused", { endpoint, reason }, text),
  };
}

function describeLoss({ details }: ServiceError, endpoint: string): WorkerEnd {
  const failure = startFailure("worker/pool-unreachable", { endpoint, reason: details });
  return { how: `the loss of its pool: ${details}`, output: "", failure };
}
