import { URN } from "../../../beam/urns.js";
import type { WindowMerge } from "../plan.js";
import { checkGrouping, groupTimestampOf, windowMergeOf } from "../support/windowing.js";
import type { Translator } from "./translator.js";

const reasons: Readonly<Record<WindowMerge, string>> = {
  none: "a shuffle by key and window, sorted so that groups stream",
  sessions: "a shuffle by key, sorted by window: the reader makes sessions of neighbouring rows",
  custom: "a shuffle by key, sorted by window: the reader has the window function merge each key's windows",
};

/**
 * Beam: the values of each key and window, keys compared by their encoded bytes.
 * Emitted: a shuffle by the key's columns (or bytes) and the window, sorted, groups streamed to the consumer. Windows
 * that merge are shuffled by key alone, and the consumer merges them. Any trigger fires once, when all is there.
 * Declined: never.
 */
export const groupByKey: Translator = {
  urns: [URN.groupByKey],
  ports: { inputs: 1, outputs: 1 },
  level: () => ({ whole: true, reason: "a shuffle by key and window, sorted so that groups stream" }),
  plan(transform, context) {
    const input = context.onlyInput(transform);
    if (context.keyCoderOf(input) === null) {
      context.reportMalformed(transform, "the coder of its input is no coder of pairs");
      return;
    }
    const windowing = context.windowingStrategyOf(input);
    const merge = windowMergeOf(windowing, context.graph.coders);
    checkGrouping(transform, windowing, context);
    context.add({
      kind: "group-by-key",
      names: [transform.name],
      level: URN.groupByKey,
      lanes: [{ lane: "native", possible: true, reason: "equal key bytes are equal key columns" }],
      reason: reasons[merge],
      input,
      output: context.onlyOutput(transform),
      merge,
      timestamp: groupTimestampOf(windowing),
    });
  },
};
