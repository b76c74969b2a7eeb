/** What a running job appends to its events file, one JSON object a line (`BEAM2SPARK_EVENTS`). */
export type LaunchEvent =
  | { readonly event: "node-started"; readonly node: number }
  | {
      readonly event: "node-progress";
      readonly node: number;
      readonly completed: number;
      readonly total: number;
    }
  | { readonly event: "node-finished"; readonly node: number }
  | { readonly event: "metrics"; readonly metrics: readonly UserMetric[] }
  /** The same metrics as Beam's clients take them: each a `MonitoringInfo`, in base64. */
  | { readonly event: "monitoring-infos"; readonly infos: readonly string[] }
  | FailedEvent;

/** A user's metric at the end of the job. */
export interface UserMetric {
  readonly transform: string;
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
  readonly value: unknown;
}

/** Why the job failed, as the runtime knows it. */
export interface FailedEvent {
  readonly event: "failed";
  readonly node?: number | null;
  readonly code?: string | null;
  readonly message: string;
  readonly transform?: string | null;
  readonly hint?: string | null;
  readonly traceback?: string | null;
}
