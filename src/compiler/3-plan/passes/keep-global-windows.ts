import { decodeWindowIntoPayload } from "../../../beam/payloads/window-into.js";
import { isPaneBlind } from "../../../beam/recognise/pane-blind.js";
import { URN } from "../../../beam/urns.js";
import { type Draft, inputsOf, type UserFunction } from "../draft.js";
import type { PlanContext } from "../plan-context.js";
import { windowColumnsOf } from "../support/windowing.js";

/**
 * Has elements that are in the global window already handed on as they are, where Python's SDK would put each into it
 * again, as it does before every write: that costs it more than all else that it does for a line of text.
 *
 * Its elements lose their panes on that way, so nobody after it may look at them before they are grouped.
 *
 * @returns the drafts, in their order
 */
export function keepGlobalWindows(drafts: readonly Draft[], context: PlanContext): readonly Draft[] {
  const readers = new Map<string, Draft[]>();
  for (const draft of drafts) {
    for (const input of inputsOf(draft)) {
      const before = readers.get(input);
      if (before === undefined) readers.set(input, [draft]);
      else before.push(draft);
    }
  }
  return drafts.map((draft) =>
    draft.kind === "user-function" &&
    isIntoGlobal(draft, context) &&
    draft.outputs.every((output) => hidesPanes(output, readers, context))
      ? handOn(draft, context)
      : draft,
  );
}

function isIntoGlobal({ transform, input, level, environment }: UserFunction, context: PlanContext): boolean {
  const { transforms, environments, coders } = context.graph;
  const payload = transforms.get(transform)?.payload;
  if (level !== URN.windowInto || payload === undefined) return false;
  if (environments.get(environment ?? "")?.language !== "python") return false;
  const decoded = decodeWindowIntoPayload(payload);
  return (
    decoded.ok &&
    decoded.value.windowFn.urn === URN.windowFnGlobal &&
    windowColumnsOf(context.windowingStrategyOf(input), coders) === "global"
  );
}

/** Side inputs have no panes, and groups have their own. */
function hidesPanes(
  first: string,
  readers: ReadonlyMap<string, readonly Draft[]>,
  context: PlanContext,
): boolean {
  const seen = new Set<string>();
  const pending = [first];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const reader of readers.get(id) ?? []) {
      if (reader.kind === "group-by-key" || reader.kind === "combine") continue;
      if (reader.kind !== "user-function" || !isBlind(reader, context)) return false;
      pending.push(...reader.outputs);
    }
  }
  return true;
}

function isBlind({ transform, keyed }: UserFunction, context: PlanContext): boolean {
  const node = context.graph.transforms.get(transform);
  if (keyed !== undefined || node?.urn !== URN.parDo) return false;
  const payload = context.parDoPayloadOf(node);
  return payload !== null && isPaneBlind(payload.doFn);
}

function handOn(draft: UserFunction, context: PlanContext): UserFunction {
  const id = context.addTransform(`${draft.transform}/kept`, {
    name: draft.names[0]!,
    urn: URN.flatten,
    like: draft.transform,
    inputs: { in: draft.input },
    outputs: { out: draft.outputs[0]! },
  });
  return { ...draft, transform: id, reason: "its elements are in the global window already" };
}
