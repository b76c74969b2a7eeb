import { describeCombineFn } from "../../../beam/recognise/combine-fn.js";
import { URN } from "../../../beam/urns.js";
import { invariant } from "../../../diagnostics/invariant.js";
import type { TransformNode } from "../../2-graph/graph.js";
import type { PlanContext } from "../plan-context.js";
import { type AggregateChoice, chooseAggregate, declined } from "../support/choose-aggregate.js";
import { decideOnce } from "../support/decide-once.js";
import { checkGrouping, groupTimestampOf, windowMergeOf } from "../support/windowing.js";
import type { Translator } from "./translator.js";

/**
 * Beam: the values of each key and window, combined by one CombineFn.
 * Emitted: a Spark aggregate where the function is known and exact on the values' type; else precombine,
 * shuffle, merge and extract by the SDK's own CombineFn, whichever shape the SDK sent.
 * Declined: combines with side inputs, whose parts say how they run.
 */
export const combinePerKey: Translator = {
  urns: [URN.combinePerKey],
  ports: { inputs: "any", outputs: 1 },
  level(transform, context) {
    const { reason } = decideNative(transform, context);
    return { whole: transform.inputs.size === 1 && context.combineOf(transform) !== null, reason };
  },
  plan(transform, context) {
    const input = context.onlyInput(transform);
    const keyCoder = context.keyCoderOf(input);
    if (keyCoder === null) {
      context.reportMalformed(transform, "the coder of its input is no coder of pairs");
      return;
    }
    const windowing = context.windowingStrategyOf(input);
    checkGrouping(transform, windowing, context);
    const native = decideNative(transform, context);
    if (native.combiner === null) planPhases(transform, context, input, keyCoder, native.reason);
    else {
      context.add({
        kind: "combine",
        names: [transform.name],
        level: URN.combinePerKey,
        lanes: [
          { lane: "native", possible: true, reason: native.reason },
          ...context
            .lanesOf(transform.environment)
            .filter(({ possible }) => possible)
            .slice(0, 1)
            .map(({ lane }) => ({ lane, possible: true, reason: "the SDK's own CombineFn, in phases" })),
        ],
        reason: native.reason,
        input,
        output: context.onlyOutput(transform),
        reads: "pairs",
        combiner: native.combiner,
        integers: native.integers,
        ...(native.limit === undefined ? {} : { limit: native.limit }),
        timestamp: groupTimestampOf(windowing),
      });
    }
  },
};

/** Which aggregate gives Beam's result for every input, or why none does. */
export const decideNative = decideOnce(findAggregate);

function findAggregate(transform: TransformNode, context: PlanContext): AggregateChoice {
  if (transform.inputs.size !== 1) return declined("its CombineFn takes side inputs");
  const combine = context.combineOf(transform);
  if (combine === null) return declined("its CombineFn can't be read");
  const input = context.onlyInput(transform);
  const choice = chooseAggregate(
    describeCombineFn(combine.combineFn),
    { type: context.valueTypeOf(input), integers: context.integersOf(input) },
    context.lackingCombiners,
  );
  const windowing = context.windowingStrategyOf(input);
  return choice.combiner !== null && windowMergeOf(windowing, context.graph.coders) !== "none"
    ? declined("its windows merge, which the reader of the shuffled rows does")
    : choice;
}

function planPhases(
  transform: TransformNode,
  context: PlanContext,
  input: string,
  keyCoder: string,
  reason: string,
): void {
  const accumulator = context.combineOf(transform)?.accumulatorCoderId;
  invariant(accumulator, transform.name, "its payload was read when its level was decided");
  const windowing = context.windowingOf(input);
  const strategy = context.windowingStrategyOf(input);
  const accumulated = context.addCoder(URN.coderKv, [keyCoder, accumulator]);
  const groupedCoder = context.addCoder(URN.coderKv, [
    keyCoder,
    context.addCoder(URN.coderIterable, [accumulator]),
  ]);
  const precombined = context.addPCollection(
    `${transform.id}/precombined`,
    `${transform.name}/Precombine`,
    accumulated,
    windowing,
  );
  const grouped = context.addPCollection(
    `${transform.id}/grouped`,
    `${transform.name}/Group`,
    groupedCoder,
    windowing,
  );
  const merged = context.addPCollection(
    `${transform.id}/merged`,
    `${transform.name}/Merge`,
    accumulated,
    windowing,
  );
  const phase = (label: string, urn: string, from: string, to: string): void => {
    const id = context.addTransform(`${transform.id}/${label}`, {
      name: `${transform.name}/${label}`,
      urn,
      like: transform.id,
      inputs: { in: from },
      outputs: { out: to },
    });
    context.add({
      kind: "user-function",
      names: [`${transform.name}/${label}`],
      level: URN.combinePerKey,
      reason,
      transform: id,
      input: from,
      sideInputs: [],
      outputs: [to],
      environment: transform.environment,
    });
  };
  phase("Precombine", URN.combinePrecombine, input, precombined);
  context.add({
    kind: "group-by-key",
    names: [`${transform.name}/Group`],
    level: URN.combinePerKey,
    lanes: [{ lane: "native", possible: true, reason: "equal key bytes are equal key columns" }],
    reason: `accumulators are shuffled, not elements; no Spark aggregate: ${reason}`,
    input: precombined,
    output: grouped,
    merge: windowMergeOf(strategy, context.graph.coders),
    timestamp: groupTimestampOf(strategy),
  });
  phase("Merge", URN.combineMergeAccumulators, grouped, merged);
  phase("ExtractOutputs", URN.combineExtractOutputs, merged, context.onlyOutput(transform));
}
