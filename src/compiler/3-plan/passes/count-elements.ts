import { describePairing } from "../../../beam/recognise/pairing.js";
import { type Draft, inputsOf, outputsOf, sideInputsOf, type UserFunction } from "../draft.js";
import type { CombineNode } from "../plan.js";
import type { PlanContext } from "../plan-context.js";
import { isDeterministic, writeSameBytes } from "../support/same-coders.js";
import { haveSameWindows } from "../support/windowing.js";

type CombineDraft = Omit<CombineNode, "id">;

/**
 * Lets a count read elements where a function before it does nothing but pair each with a constant: the function goes,
 * and no worker is asked for it. That is so of `Count.PerElement` and its like. A sum of ones is a count.
 *
 * The elements must be encoded as the keys are, by standard coders, and nobody else may read the pairs.
 *
 * @returns the drafts of the context, in their order
 */
export function countElements(context: PlanContext): readonly Draft[] {
  const { drafts } = context;
  const makers = new Map(drafts.flatMap((draft) => outputsOf(draft).map((output) => [output, draft])));
  const readers = new Map<string, number>();
  for (const draft of drafts) {
    for (const input of [...inputsOf(draft), ...sideInputsOf(draft)])
      readers.set(input, (readers.get(input) ?? 0) + 1);
  }
  const gone = new Set<Draft>();
  const counted = drafts.map((draft) => {
    if (draft.kind !== "combine" || readers.get(draft.input) !== 1) return draft;
    const maker = makers.get(draft.input);
    if (maker?.kind !== "user-function" || !pairsFor(draft, maker, context)) return draft;
    gone.add(maker);
    return readElements(draft, maker);
  });
  return counted.filter((draft) => !gone.has(draft));
}

function pairsFor(combine: CombineDraft, maker: UserFunction, context: PlanContext): boolean {
  const { graph } = context;
  const transform = graph.transforms.get(maker.transform);
  const payload = transform === undefined ? null : context.parDoPayloadOf(transform);
  if (transform?.outputs.size !== 1 || transform.inputs.size !== 1 || payload === null) return false;
  if (maker.keyed !== undefined || payload.requestsFinalization) return false;
  const keyCoder = context.keyCoderOf(combine.input);
  const coder = context.coderOf(maker.input);
  const [before, after] = [maker.input, combine.input].map((id) => context.windowingStrategyOf(id));
  if (keyCoder === null || !writeSameBytes(coder, keyCoder, graph.coders)) return false;
  if (!isDeterministic(coder, graph.coders) || !haveSameWindows(before!, after!, graph.coders)) return false;
  const environment = graph.environments.get(maker.environment ?? "");
  const pairing = describePairing(payload.doFn, environment?.pythonVersion ?? null);
  return pairing !== null && (combine.combiner === "count" || (pairing === "one" && sumsIntegers(combine)));
}

function sumsIntegers({ combiner, integers }: CombineDraft): boolean {
  return combiner === "sum" && integers !== null;
}

function readElements(combine: CombineDraft, maker: UserFunction): CombineDraft {
  const native = "count of equal elements, without a worker";
  const reason =
    combine.combiner === "count" ? native : `${native}: a sum of the ones that each is paired with`;
  return {
    ...combine,
    names: [...maker.names, ...combine.names],
    lanes: combine.lanes.map((option) => (option.lane === "native" ? { ...option, reason } : option)),
    reason,
    input: maker.input,
    reads: "elements",
    combiner: "count",
  };
}
