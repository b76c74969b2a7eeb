import type { WorkerEndpoints } from "../worker-order.js";

/** What a boot program is told (Beam's container contract; the flags of all its boot programs). */
export function bootWords(workerId: string, endpoints: WorkerEndpoints, folder: string): readonly string[] {
  return [
    `--id=${workerId}`,
    `--provision_endpoint=${endpoints.provision}`,
    `--logging_endpoint=${endpoints.logging}`,
    `--artifact_endpoint=${endpoints.artifact}`,
    `--control_endpoint=${endpoints.control}`,
    // By default all workers of a machine have one folder, and overwrite each other's files.
    `--semi_persist_dir=${folder}`,
  ];
}
