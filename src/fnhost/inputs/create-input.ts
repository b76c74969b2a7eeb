import type { OpenedStage } from "../open-stages.js";
import { ElementInput } from "./element-input.js";
import { GroupInput } from "./group-input.js";
import { KeyedInput } from "./keyed-input.js";
import { MergingInput } from "./merging-input.js";
import { SessionInput } from "./session-input.js";
import type { InputBundles, StageInput } from "./stage-input.js";

/** What an input may hold. */
export interface InputLimits {
  /** So many bytes of a task's state stay in memory. */
  readonly stateMemoryBytes: number;
  /** Most bytes of a group that is sent whole, to a worker that can't ask for its values. */
  readonly storedGroupBytes: number;
}

/** What takes the rows of a stage, by what its JSON says that they are. */
export function createInput(stage: OpenedStage, bundles: InputBundles, limits: InputLimits): StageInput {
  if (stage.isKeyed) return new KeyedInput(stage, bundles, limits.stateMemoryBytes);
  const { grouping } = stage;
  if (grouping === null) return new ElementInput(stage, bundles);
  switch (grouping.merge) {
    case "none":
      return new GroupInput(stage, bundles, limits.storedGroupBytes);
    case "sessions":
      return new SessionInput(stage, grouping, bundles, limits.storedGroupBytes);
    case "custom":
      return new MergingInput(stage, grouping, bundles, limits.storedGroupBytes);
  }
}
