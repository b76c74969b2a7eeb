import { invariant } from "../../../diagnostics/invariant.js";
import type { Draft, UserFunction } from "../draft.js";
import { outputsOf } from "../draft.js";
import type { KeyedInput, LaneOption, PlanNode, SideInputUse } from "../plan.js";
import { assignDepths, mayFuse } from "./assign-depths.js";

/** A plan node before it has its number. */
export type NodeDraft = PlanNode extends infer Node
  ? Node extends PlanNode
    ? Omit<Node, "id">
    : never
  : never;

interface StageDraft {
  readonly input: string;
  readonly environment: string | null;
  readonly members: UserFunction[];
}

/** What a stage says of its environment: its resource hints, as people read them, and the lanes it may take. */
export type DescribeEnvironment = (environment: string | null) => {
  readonly hints: readonly string[];
  readonly lanes: readonly LaneOption[];
};

/**
 * Fuses neighbouring user functions into stages. A stage has one input; a function joins the stage of its producer,
 * or the stage of a sibling that reads the same PCollection at the same depth.
 *
 * @param drafts in topological order
 * @param describe tells of a stage's environment
 * @returns nodes in an order that `orderNodes` completes; a stage's outputs are those that something else reads
 */
export function fuseStages(drafts: readonly Draft[], describe: DescribeEnvironment): readonly NodeDraft[] {
  const depths = assignDepths(drafts);
  const stages = new Map<string, StageDraft>();
  const stageOfOutput = new Map<
    string,
    { readonly key: string; readonly depth: number; readonly member: UserFunction }
  >();
  const order: (string | Draft)[] = [];
  drafts.forEach((draft, index) => {
    if (draft.kind !== "user-function") {
      order.push(draft);
      return;
    }
    const depth = depths[index]!;
    const producer = stageOfOutput.get(draft.input);
    const joins = producer !== undefined && producer.depth === depth && mayFuse(producer.member, draft);
    const key = joins ? producer.key : JSON.stringify([depth, draft.input, draft.environment]);
    const stage = stages.get(key);
    if (stage === undefined) {
      stages.set(key, { input: draft.input, environment: draft.environment, members: [draft] });
      order.push(key);
    } else stage.members.push(draft);
    for (const output of draft.outputs) stageOfOutput.set(output, { key, depth, member: draft });
  });
  const outside = readFromOutside(drafts, stageOfOutput, stages);
  return order.map((entry) =>
    typeof entry === "string" ? finishStage(stages.get(entry)!, outside, describe) : withoutDraft(entry),
  );
}

function withoutDraft(draft: Draft): NodeDraft {
  invariant(draft.kind !== "user-function", draft.names[0]!, "it was not fused");
  return draft;
}

/** PCollections that a stage must hand on: read by an operator, another stage, or as a side input. */
function readFromOutside(
  drafts: readonly Draft[],
  stageOfOutput: ReadonlyMap<string, { readonly key: string }>,
  stages: ReadonlyMap<string, StageDraft>,
): ReadonlySet<string> {
  const keyOfMember = new Map<string, string>();
  for (const [key, stage] of stages)
    for (const member of stage.members) keyOfMember.set(member.transform, key);
  const outside = new Set<string>();
  for (const draft of drafts) {
    if (draft.kind === "user-function") {
      if (stageOfOutput.get(draft.input)?.key !== keyOfMember.get(draft.transform)) outside.add(draft.input);
      for (const use of draft.sideInputs) outside.add(use.pcollection);
    } else if (draft.kind === "flatten") for (const input of draft.inputs) outside.add(input);
    else if ("input" in draft) outside.add(draft.input);
  }
  return outside;
}

function finishStage(
  stage: StageDraft,
  outside: ReadonlySet<string>,
  describe: DescribeEnvironment,
): NodeDraft {
  const { hints, lanes } = describe(stage.environment);
  const sideInputs: SideInputUse[] = stage.members.flatMap((member) => member.sideInputs);
  const made = stage.members.flatMap((member) => outputsOf(member));
  return {
    kind: "stage",
    names: stage.members.flatMap((member) => member.names),
    level: stage.members[0]!.level,
    lanes: [{ lane: "native", possible: false, reason: "Spark can't express a user's function" }, ...lanes],
    reason: stageReason(stage, hints),
    input: stage.input,
    transforms: stage.members.map((member) => member.transform),
    sideInputs,
    keyed: keyedInputOf(stage),
    outputs: made.filter((output) => outside.has(output)),
    environment: stage.environment,
  };
}

/** Only functions that read the stage's own input can ask for it key by key: others would not be in the stage. */
function keyedInputOf(stage: StageDraft): KeyedInput | null {
  const asking = stage.members.filter(({ keyed }) => keyed !== undefined);
  if (asking.length === 0) return null;
  return {
    names: asking.flatMap(({ names }) => names),
    sortedByTime: asking.some(({ keyed }) => keyed?.sortedByTime),
  };
}

function stageReason(stage: StageDraft, hints: readonly string[]): string {
  const [first] = stage.members;
  const reason =
    stage.members.length === 1
      ? first!.reason
      : `${stage.members.length} user functions run one after the other on each element, fused`;
  if (hints.length === 0) return reason;
  return `${reason}; resource hints are not acted upon: ${hints.join(", ")}`;
}
