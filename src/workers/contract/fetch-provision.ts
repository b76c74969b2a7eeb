import { type Client, Metadata } from "@grpc/grpc-js";
import type {
  GetProvisionInfoRequest,
  GetProvisionInfoResponse,
  ProvisionInfo,
} from "../../beam/protos/types/provision.js";
import { provisionService } from "../../fnhost/fn-api.js";
import { callMethod, openClient } from "../../rpc/call-service.js";
import { startFailure } from "../start-failure.js";
import type { ContractOrder } from "./contract-order.js";

const patience = 30_000;

/** The header by which a host knows its worker. */
export function workerHeader(workerId: string): Metadata {
  const metadata = new Metadata();
  metadata.set("worker_id", workerId);
  return metadata;
}

/** Asks a host what its worker is to be. Errors: a WorkerNotStartedError. */
export async function fetchProvision(order: ContractOrder): Promise<ProvisionInfo> {
  const endpoint = order.endpoints.provision;
  const client: Client = openClient(endpoint);
  try {
    const { info } = await callMethod<GetProvisionInfoRequest, GetProvisionInfoResponse>(
      client,
      provisionService.GetProvisionInfo!,
      {},
      { metadata: workerHeader(order.workerId), milliseconds: patience, signal: order.signal },
    );
    if (info === undefined) throw new Error("its answer is empty");
    return info;
  } catch (error) {
    const reason = `the host at ${endpoint} does not say what it wants: ${(error as Error).message}`;
    throw startFailure("worker/not-started", { reason });
  } finally {
    client.close();
  }
}
