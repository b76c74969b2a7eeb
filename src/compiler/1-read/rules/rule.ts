import { transformPayloads } from "../../../beam/payloads/all-payloads.js";
import type { PayloadResult } from "../../../beam/payloads/decode-payload.js";
import { checkWindowingStrategy, type WindowingStrategy } from "../../../beam/payloads/windowing-strategy.js";
import type { Components, Pipeline, PTransform } from "../../../beam/protos/types/pipeline.js";
import type { Collector } from "../../../diagnostics/collector.js";
import type { Place } from "../../../diagnostics/diagnostic.js";
import type { Artifact } from "../artifact.js";

/** Reports everything that breaks one rule of the Beam model. Takes time in proportion to the pipeline. */
export type Rule = (context: RuleContext, diagnostics: Collector) => void;

/** What rules see. Ids may be missing and cycles may exist: no rule counts on another one. */
export interface RuleContext {
  readonly pipeline: Pipeline;
  readonly components: Components;
  readonly artifacts: readonly Artifact[];
  /** The transforms that a root contains, each once, parents before their parts. */
  readonly reachable: ReadonlyMap<string, PTransform>;
  /** Those of them that have no parts. */
  readonly leaves: ReadonlyMap<string, PTransform>;
  /** The place of a transform, or of something in it. */
  place(id: string, path?: string): Place;
  /** The decoded payload of a transform, or null where its URN has none that is read. */
  payload(id: string): PayloadResult<unknown> | null;
  /** The windowing strategies of the PCollections that pass the check, by id. */
  windowings(): ReadonlyMap<string, WindowingStrategy>;
}

/** Looks at a pipeline once for what several rules need. */
export function createRuleContext(
  pipeline: Pipeline,
  components: Components,
  artifacts: readonly Artifact[],
): RuleContext {
  const reachable = collectReachable(pipeline.rootTransformIds, components);
  const payloads = new Map<string, PayloadResult<unknown> | null>();
  return {
    pipeline,
    components,
    artifacts,
    reachable,
    leaves: new Map([...reachable].filter(([, transform]) => transform.subtransforms.length === 0)),
    place(id, path) {
      const name = components.transforms.get(id)?.uniqueName;
      return {
        ...(name === undefined ? {} : { transform: name }),
        id,
        ...(path === undefined ? {} : { path }),
      };
    },
    payload(id) {
      let decoded = payloads.get(id);
      if (decoded === undefined) {
        const spec = components.transforms.get(id)?.spec;
        const decode = spec === undefined ? undefined : transformPayloads.get(spec.urn);
        decoded = spec === undefined || decode === undefined ? null : decode(spec.payload);
        payloads.set(id, decoded);
      }
      return decoded;
    },
    windowings() {
      const used = new Set(
        [...components.pcollections.values()].map((pcollection) => pcollection.windowingStrategyId),
      );
      const checked = new Map<string, WindowingStrategy>();
      for (const [id, strategy] of components.windowingStrategies) {
        const result = used.has(id) ? checkWindowingStrategy(strategy) : null;
        if (result?.ok) checked.set(id, result.value);
      }
      return checked;
    },
  };
}

function collectReachable(roots: readonly string[], components: Components): ReadonlyMap<string, PTransform> {
  const reachable = new Map<string, PTransform>();
  const pending = [...roots].reverse();
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const transform = components.transforms.get(id);
    if (transform === undefined || reachable.has(id)) continue;
    reachable.set(id, transform);
    for (const part of [...transform.subtransforms].reverse()) pending.push(part);
  }
  return reachable;
}
