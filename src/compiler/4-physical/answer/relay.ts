import { findKnowingStage, laneOf } from "../lane-of.js";
import type { Layout } from "../layout.js";
import type { Location, PhysicalBuilder } from "../physical-builder.js";
import { stageFileName } from "../stage-file-name.js";
import { laneWithoutFunctions } from "../target-answers.js";

/** Why a stage without functions stands where it does. */
export interface RelayReason {
  /** What the step does, and its Beam name, for the node's own name. */
  readonly title: string;
  readonly level: string;
  readonly reason: string;
}

/** A stage without functions: it reads the rows of a PCollection as they lie and writes them in another layout. */
export function relay(
  pcollection: string,
  from: Location,
  layout: Layout,
  { title, level, reason }: RelayReason,
  builder: PhysicalBuilder,
): Location {
  const name = builder.nameOf(pcollection);
  const knowing = findKnowingStage(pcollection, builder);
  const id = builder.add(title, (variable, number) => ({
    kind: "stage",
    names: [name],
    level,
    environment: knowing?.environment ?? null,
    lane: knowing === null ? laneWithoutFunctions[builder.target] : laneOf(knowing).lane,
    reason,
    api: builder.api("stage"),
    stage: stageFileName(number, variable),
    input: from.from,
    inputPCollection: pcollection,
    inputLayout: from.layout,
    readsSplits: false,
    grouped: from.grouped,
    keyed: false,
    transforms: [],
    sideInputs: [],
    outputs: [{ pcollection, name, layout, combine: null }],
  }));
  return { from: { node: id, output: 0 }, layout, pcollection, grouped: null };
}
