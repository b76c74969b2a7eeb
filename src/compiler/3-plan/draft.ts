import type {
  CombineNode,
  FlattenNode,
  GroupByKeyNode,
  ImpulseNode,
  KeyedInput,
  ReadNode,
  ReshuffleNode,
  SideInputUse,
} from "./plan.js";

/** A transform that carries user code, before its neighbours are fused with it into a stage. */
export interface UserFunction {
  readonly kind: "user-function";
  readonly names: readonly string[];
  readonly level: string;
  readonly reason: string;
  /** A transform id: the pipeline's own or an added one. */
  readonly transform: string;
  readonly input: string;
  /** There where the function has state or timers, or wants its input sorted. */
  readonly keyed?: Omit<KeyedInput, "names">;
  readonly sideInputs: readonly SideInputUse[];
  readonly outputs: readonly string[];
  readonly environment: string | null;
}

/** What a translator makes of a transform; ids are given when the order is known. */
export type Draft =
  | UserFunction
  | Omit<ImpulseNode, "id">
  | Omit<ReadNode, "id">
  | Omit<GroupByKeyNode, "id">
  | Omit<CombineNode, "id">
  | Omit<FlattenNode, "id">
  | Omit<ReshuffleNode, "id">;

/** PCollections whose elements the draft takes in, main inputs first; a flatten's duplicates stay. */
export function inputsOf(draft: Draft): readonly string[] {
  switch (draft.kind) {
    case "impulse":
    case "read":
      return [];
    case "flatten":
      return draft.inputs;
    case "user-function":
    case "group-by-key":
    case "combine":
    case "reshuffle":
      return [draft.input];
  }
}

export function outputsOf(draft: Draft): readonly string[] {
  return draft.kind === "user-function" ? draft.outputs : [draft.output];
}

/** PCollections that must be complete before the draft can start. */
export function sideInputsOf(draft: Draft): readonly string[] {
  return draft.kind === "user-function" ? draft.sideInputs.map((use) => use.pcollection) : [];
}
