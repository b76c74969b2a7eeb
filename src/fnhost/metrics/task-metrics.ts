import type { Draft } from "../../beam/protos/message-type.js";
import type { MonitoringInfo } from "../../beam/protos/types/metrics.js";
import { mergePayloads } from "./merge-payloads.js";

const userPrefix = "beam:metric:user:";
const transformLabel = "PTRANSFORM";

/** What a task's bundles say of the user's metrics, one info for each metric of each transform. */
export class TaskMetrics {
  readonly #names: ReadonlyMap<string, string>;
  readonly #merged = new Map<string, MonitoringInfo>();

  /** @param names the full names of the stage's transforms, by id: Beam's clients know steps by them */
  constructor(names: ReadonlyMap<string, string>) {
    this.#names = names;
  }

  /** Takes what a worker says of one bundle; only the user's metrics are kept. */
  add(infos: readonly MonitoringInfo[]): void {
    for (const info of infos) {
      if (!info.urn.startsWith(userPrefix)) continue;
      const id = info.labels.get(transformLabel);
      const labels =
        id === undefined ? info.labels : new Map(info.labels).set(transformLabel, this.#names.get(id) ?? id);
      const key = JSON.stringify([info.urn, info.type, ...[...labels].sort().flat()]);
      const known = this.#merged.get(key);
      const payload =
        known === undefined ? info.payload.slice() : mergePayloads(info.type, known.payload, info.payload);
      this.#merged.set(key, { ...info, labels, payload });
    }
  }

  merged(): readonly Draft<MonitoringInfo>[] {
    return [...this.#merged.values()];
  }
}
