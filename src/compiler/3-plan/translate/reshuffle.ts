import { URN } from "../../../beam/urns.js";
import type { TransformNode } from "../../2-graph/graph.js";
import type { PlanContext } from "../plan-context.js";
import type { Translator } from "./translator.js";

const createType = "apache_beam.transforms.core.Create";

/**
 * Beam: the same elements with the same timestamps, windows and panes, in other bundles; what stands before is
 * not fused with what follows.
 * Emitted: `repartition(n)`, which adaptive execution does not coalesce. Random keys are never made.
 * Declined: never. Where the output has another coder, the reader of the next stage transcodes.
 */
export const reshuffle: Translator = {
  urns: [URN.reshuffle, URN.redistributeArbitrarily, URN.redistributeByKey],
  pythonTypes: ["apache_beam.transforms.util.ReshufflePerKey"],
  ports: { inputs: 1, outputs: 1 },
  level: () => ({ whole: true, reason: "elements move, nothing else changes" }),
  plan(transform, context) {
    context.add({
      kind: "reshuffle",
      names: [transform.name],
      level: transform.urn,
      lanes: [{ lane: "native", possible: true, reason: "repartition keeps every column" }],
      reason: "elements move, nothing else changes",
      input: context.onlyInput(transform),
      output: context.onlyOutput(transform),
      stable: !isInsideCreate(transform, context),
    });
  },
};

/** The elements of a Create are constants of the pipeline: making them again makes the same. */
function isInsideCreate(transform: TransformNode, context: PlanContext): boolean {
  return context.findEnclosing(transform, ({ pythonType }) => pythonType === createType) !== null;
}
