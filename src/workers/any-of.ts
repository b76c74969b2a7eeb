import { MalformedMessageError } from "../beam/protos/malformed.js";
import { AnyOfEnvironmentPayload } from "../beam/protos/types/environment.js";
import { asStartFailure, startFailure } from "./start-failure.js";
import type { StartedWorker, StartWorker, WorkerOrder } from "./worker-order.js";

/**
 * `beam:env:anyof:v1`: whichever of several environments a worker can be started in, the first first
 * (`beam_runner_api.proto`, AnyOfEnvironmentPayload). Errors: that of the first.
 */
export async function startAnyOf(order: WorkerOrder, start: StartWorker): Promise<StartedWorker> {
  const { urn, payload } = order.environment;
  let failure = startFailure("worker/environment-unreadable", { urn, reason: "it names no environment" });
  let isFirst = true;
  for (const environment of readEnvironments(urn, payload)) {
    try {
      return await start({ ...order, environment });
    } catch (error) {
      if (isFirst) failure = asStartFailure(error);
      isFirst = false;
    }
  }
  throw failure;
}

function readEnvironments(urn: string, payload: Uint8Array): AnyOfEnvironmentPayload["environments"] {
  try {
    return AnyOfEnvironmentPayload.decode(payload).environments;
  } catch (error) {
    if (!(error instanceof MalformedMessageError)) throw error;
    throw startFailure("worker/environment-unreadable", { urn, reason: error.message });
  }
}
