import type { OpenedStage } from "../open-stages.js";
import { ElementInput } from "./element-input.js";
import type { InputBundles, StageInput } from "./stage-input.js";

/** What takes the rows of a stage, by what its JSON says that they are. */
export function createInput(stage: OpenedStage, bundles: InputBundles): StageInput {
  return new ElementInput(stage, bundles);
}
