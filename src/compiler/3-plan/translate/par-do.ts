import type { ParDoPayload } from "../../../beam/payloads/par-do.js";
import { URN } from "../../../beam/urns.js";
import type { TransformNode } from "../../2-graph/graph.js";
import type { UserFunction } from "../draft.js";
import type { SideInputUse } from "../plan.js";
import type { PlanContext } from "../plan-context.js";
import { languageNames } from "../support/lanes.js";
import { isStateful, refuseUnsupportedParDo } from "../support/par-do.js";
import type { Translator } from "./translator.js";

/**
 * Beam: a user's DoFn on every element, with any number of outputs and side inputs; a splittable one on pairs of
 * an element and a restriction; one with state or timers on the elements of each key and window, one after the other.
 * Emitted: part of a stage; a splittable one as pair, split, a spread over tasks, and process. What must see the
 * same input when it is tried again comes after a stable reshuffle.
 * Declined: functions that have no lane, and what has no meaning (state in a splittable function): a diagnostic each.
 */
export const parDo: Translator = {
  urns: [URN.parDo],
  ports: { inputs: "any", outputs: "any" },
  level: (transform, context) =>
    context.parDoPayloadOf(transform) === null
      ? { whole: false, reason: "its payload can't be read" }
      : { whole: true, reason: "a user function" },
  plan(transform, context) {
    const payload = context.parDoPayloadOf(transform);
    if (payload === null) return;
    const sideInputs = sideInputsOf(transform, payload);
    const sideTags = new Set(sideInputs.map((use) => use.tag));
    const mainInputs = [...transform.inputs].filter(([tag]) => !sideTags.has(tag));
    const main = mainInputs[0];
    if (main === undefined || mainInputs.length !== 1) {
      context.reportMalformed(transform, `it has ${mainInputs.length} main inputs instead of 1`);
      return;
    }
    refuseUnsupportedParDo(transform, payload, main[1], context);
    const input = payload.requiresStableInput ? planStableInput(transform, main[1], context) : main[1];
    const user = {
      kind: "user-function" as const,
      level: URN.parDo,
      sideInputs,
      environment: transform.environment,
    };
    if (payload.restrictionCoderId === "") {
      const id = input === main[1] ? transform.id : addReader(transform, [main[0], input], context);
      context.add({
        ...user,
        sideInputs: sideInputs.map((use) => ({ ...use, transform: id })),
        names: [transform.name],
        reason: explainFunction(transform, context),
        transform: id,
        input,
        ...keyedInputOf(payload),
        outputs: [...new Set(transform.outputs.values())],
      });
      return;
    }
    planSplittable(transform, payload, [main[0], input], user, context);
  },
};

/** A function with state or timers reads key by key, and so does one that wants the times of each key in order. */
function keyedInputOf(payload: ParDoPayload): Pick<UserFunction, "keyed"> {
  const sortedByTime = payload.requiresTimeSortedInput;
  return isStateful(payload) || sortedByTime ? { keyed: { sortedByTime } } : {};
}

/** @returns the same elements, kept once so that a retry of the transform sees no others */
function planStableInput(transform: TransformNode, input: string, context: PlanContext): string {
  const name = `${transform.name}/StableInput`;
  const stable = context.addPCollection(
    `${transform.id}/stable`,
    name,
    context.coderOf(input),
    context.windowingOf(input),
  );
  context.add({
    kind: "reshuffle",
    names: [name],
    level: URN.parDo,
    lanes: [{ lane: "native", possible: true, reason: "repartition keeps every column" }],
    reason: "the function requires stable input: when it is tried again it sees the same elements",
    input,
    output: stable,
    stable: true,
  });
  return stable;
}

/** @returns the id of the same transform with another main input */
function addReader(
  transform: TransformNode,
  [tag, input]: readonly [tag: string, pcollection: string],
  context: PlanContext,
): string {
  return context.addTransform(`${transform.id}/reader`, {
    name: transform.name,
    urn: URN.parDo,
    like: transform.id,
    inputs: { ...Object.fromEntries(transform.inputs), [tag]: input },
    outputs: Object.fromEntries(transform.outputs),
  });
}

function planSplittable(
  transform: TransformNode,
  payload: ParDoPayload,
  main: readonly [tag: string, pcollection: string],
  user: {
    kind: "user-function";
    level: string;
    sideInputs: readonly SideInputUse[];
    environment: string | null;
  },
  context: PlanContext,
): void {
  const [mainTag, input] = main;
  const windowing = context.windowingOf(input);
  const paired = context.addCoder(URN.coderKv, [context.coderOf(input), payload.restrictionCoderId]);
  const sized = context.addCoder(URN.coderKv, [paired, context.addCoder(URN.coderDouble, [])]);
  const pairs = context.addPCollection(
    `${transform.id}/paired`,
    `${transform.name}/PairWithRestriction`,
    paired,
    windowing,
  );
  const splits = context.addPCollection(
    `${transform.id}/split`,
    `${transform.name}/SplitAndSize`,
    sized,
    windowing,
  );
  const spread = context.addPCollection(
    `${transform.id}/spread`,
    `${transform.name}/Spread`,
    sized,
    windowing,
  );
  const part = (
    label: string,
    urn: string,
    from: string,
    outputs: Readonly<Record<string, string>>,
    reason: string,
  ) => {
    const id = context.addTransform(`${transform.id}/${label}`, {
      name: `${transform.name}/${label}`,
      urn,
      like: transform.id,
      inputs: { ...Object.fromEntries(transform.inputs), [mainTag]: from },
      outputs,
    });
    context.add({
      ...user,
      sideInputs: user.sideInputs.map((use) => ({ ...use, transform: id })),
      names: [`${transform.name}/${label}`],
      reason,
      transform: id,
      input: from,
      outputs: [...new Set(Object.values(outputs))],
    });
  };
  part(
    "PairWithRestriction",
    URN.pairWithRestriction,
    input,
    { out: pairs },
    "the whole restriction of each element",
  );
  part(
    "SplitAndSize",
    URN.splitAndSizeRestrictions,
    pairs,
    { out: splits },
    "the restriction's initial splits",
  );
  context.add({
    kind: "reshuffle",
    names: [`${transform.name}/Spread`],
    level: URN.parDo,
    lanes: [{ lane: "native", possible: true, reason: "repartition keeps every column" }],
    reason: "splits are spread over tasks",
    input: splits,
    output: spread,
    stable: false,
  });
  part(
    "Process",
    URN.processSizedElementsAndRestrictions,
    spread,
    Object.fromEntries(transform.outputs),
    "each task reads its own splits",
  );
}

function sideInputsOf(transform: TransformNode, payload: ParDoPayload): readonly SideInputUse[] {
  return [...payload.sideInputs.keys()].sort().flatMap((tag) => {
    const pcollection = transform.inputs.get(tag);
    return pcollection === undefined ? [] : [{ transform: transform.id, tag, pcollection }];
  });
}

function explainFunction({ environment }: TransformNode, { graph }: PlanContext): string {
  const language = environment === null ? undefined : graph.environments.get(environment)?.language;
  if (language === undefined || language === "other") return "Spark can't express a user's function";
  return `Spark can't express a user's ${languageNames[language]} function`;
}
