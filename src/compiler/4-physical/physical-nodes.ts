import type { PlanNode } from "../3-plan/plan.js";
import { answerCombine } from "./answer/combine.js";
import { answerFlatten } from "./answer/flatten.js";
import { answerGroupByKey } from "./answer/group-by-key.js";
import { answerImpulse } from "./answer/impulse.js";
import { answerRead } from "./answer/read.js";
import { answerReshuffle } from "./answer/reshuffle.js";
import { answerStage } from "./answer/stage.js";
import type { PhysicalBuilder } from "./physical-builder.js";

type Answers = {
  readonly [K in PlanNode["kind"]]: (node: Extract<PlanNode, { kind: K }>, builder: PhysicalBuilder) => void;
};

const answers = {
  impulse: answerImpulse,
  read: answerRead,
  stage: answerStage,
  "group-by-key": answerGroupByKey,
  combine: answerCombine,
  flatten: answerFlatten,
  reshuffle: answerReshuffle,
} satisfies Answers;

/** Adds the physical nodes that do what a plan node asks for. */
export function physicalNodes(node: PlanNode, builder: PhysicalBuilder): void {
  const answer = answers[node.kind] as (node: PlanNode, builder: PhysicalBuilder) => void;
  answer(node, builder);
}
