import type { KeyedInput, StageNode } from "../../3-plan/plan.js";
import { laneOf } from "../lane-of.js";
import { tellingName } from "../name-nodes.js";
import type { Location, PhysicalBuilder } from "../physical-builder.js";
import type { StageSideInput } from "../physical-plan.js";
import { stageFileName } from "../stage-file-name.js";
import { exchangeByKey } from "./exchange-by-key.js";
import { readable } from "./gather.js";
import { splitsApi } from "./reshuffle.js";

/** User functions, in the first lane that they may take. */
export function answerStage(node: StageNode, builder: PhysicalBuilder): void {
  const sideInputs = collectSideInputs(node, builder);
  const input = mainInput(node, builder);
  const outputs = node.outputs.map((pcollection) => ({
    pcollection,
    name: builder.nameOf(pcollection),
    layout: builder.layoutOf(pcollection),
    combine: null,
  }));
  const { lane, reason } = laneOf(node);
  const readsSplits = builder.splits.has(node.input);
  const reasons = [
    node.reason,
    ...(lane === "fn-api" && reason !== "" ? [reason] : []),
    ...(readsSplits ? ["its splits are the partitions of a data source"] : []),
  ];
  const id = builder.add(tellingName(node.names), (variable, number) => ({
    kind: "stage",
    names: node.names,
    level: node.level,
    environment: node.environment,
    lane,
    reason: reasons.join("; "),
    api: readsSplits ? splitsApi : builder.api("stage"),
    stage: stageFileName(number, variable),
    input: input.from,
    inputPCollection: node.input,
    inputLayout: input.layout,
    readsSplits,
    grouped: input.grouped,
    keyed: node.keyed !== null,
    transforms: node.transforms,
    sideInputs,
    outputs,
  }));
  outputs.forEach(({ pcollection, layout }, index) => {
    builder.locateRows(pcollection, { node: id, output: index }, layout);
  });
}

/** The rows of each key and window side by side, in one task. */
function byKey(node: StageNode, keyed: KeyedInput, builder: PhysicalBuilder): Location {
  const times = keyed.sortedByTime ? " in the order of time" : "";
  return exchangeByKey(
    node.input,
    {
      title: `${tellingName(keyed.names)} by key`,
      names: keyed.names,
      level: node.level,
      reason: `state and timers: the elements of one key and window come one after the other${times}`,
      sortedByTime: keyed.sortedByTime,
    },
    builder,
  );
}

/** The only reader of a group-by-key streams its groups; others get them stored whole. */
function mainInput(node: StageNode, builder: PhysicalBuilder): Location {
  if (node.keyed !== null) return byKey(node, node.keyed, builder);
  const readers = builder.uses.get(node.input) ?? [];
  return readers.length === 1 ? builder.locationOf(node.input) : readable(node.input, builder);
}

function collectSideInputs(node: StageNode, builder: PhysicalBuilder): readonly StageSideInput[] {
  const pcollections = [...new Set(node.sideInputs.map((use) => use.pcollection))];
  return pcollections.map((pcollection) => {
    const { from, layout } = readable(pcollection, builder);
    const name = builder.nameOf(pcollection);
    const collected = builder.sideInput(pcollection, () =>
      builder.add(`${name} side input`, () => ({
        kind: "side-input",
        names: [name],
        level: "side input",
        lane: "native",
        reason: "functions of other stages read all of it",
        api: builder.api("side-input"),
        input: from,
        pcollection,
        layout,
        outputs: [],
      })),
    );
    return { node: collected, pcollection, layout };
  });
}
