import type { Sdk } from "../../beam/recognise/read-sdk.js";
import type { WorkerOrder } from "../worker-order.js";

/** What a container's boot program is told: whatever else there is to know, it asks the provision service for. */
export interface ContractOrder
  extends Pick<WorkerOrder, "workerId" | "endpoints" | "python" | "pythonPath" | "signal"> {
  /** Which SDK the environment has; null where nobody has said. */
  readonly language: Sdk["language"] | null;
}
