import type { Collector } from "../../../diagnostics/collector.js";
import type { Place } from "../../../diagnostics/diagnostic.js";
import type { Rule } from "./rule.js";

/**
 * Every id that a component names exists among the components.
 *
 * Environments may be left out (empty): runner-side transforms have none. An empty window coder is told of by the rule
 * on windowing strategies.
 * Pipeline proto: `Components`, and the id fields of `PTransform`, `PCollection`, `WindowingStrategy`, `Coder`.
 */
export const checkComponentIds: Rule = ({ components, place }, diagnostics) => {
  const { transforms, pcollections, windowingStrategies, coders, environments } = components;
  for (const [id, transform] of transforms) {
    transform.subtransforms.forEach((part, index) => {
      expectId(transforms, "transform", part, () => place(id, `subtransforms[${index}]`), diagnostics);
    });
    for (const [tag, pcollection] of transform.inputs) {
      expectId(pcollections, "PCollection", pcollection, () => place(id, entry("inputs", tag)), diagnostics);
    }
    for (const [tag, pcollection] of transform.outputs) {
      expectId(pcollections, "PCollection", pcollection, () => place(id, entry("outputs", tag)), diagnostics);
    }
    if (transform.environmentId !== "") {
      expectId(
        environments,
        "environment",
        transform.environmentId,
        () => place(id, "environment_id"),
        diagnostics,
      );
    }
  }
  for (const [id, { coderId, windowingStrategyId }] of pcollections) {
    expectId(coders, "coder", coderId, () => ({ id, path: "coder_id" }), diagnostics);
    const at = (): Place => ({ id, path: "windowing_strategy_id" });
    expectId(windowingStrategies, "windowing strategy", windowingStrategyId, at, diagnostics);
  }
  for (const [id, { windowCoderId, environmentId }] of windowingStrategies) {
    if (windowCoderId !== "") {
      expectId(coders, "coder", windowCoderId, () => ({ id, path: "window_coder_id" }), diagnostics);
    }
    if (environmentId !== "") {
      expectId(
        environments,
        "environment",
        environmentId,
        () => ({ id, path: "environment_id" }),
        diagnostics,
      );
    }
  }
  for (const [id, coder] of coders) {
    coder.componentCoderIds.forEach((component, index) => {
      expectId(
        coders,
        "coder",
        component,
        () => ({ id, path: `component_coder_ids[${index}]` }),
        diagnostics,
      );
    });
  }
};

/** Reports an id that is not among the components of its kind. */
export function expectId(
  components: ReadonlyMap<string, unknown>,
  kind: string,
  id: string,
  at: () => Place,
  diagnostics: Collector,
): void {
  if (!components.has(id)) diagnostics.report("read/missing-id", at(), { kind, id });
}

/** The path of a map's entry. */
export function entry(field: string, key: string): string {
  return `${field}[${JSON.stringify(key)}]`;
}
