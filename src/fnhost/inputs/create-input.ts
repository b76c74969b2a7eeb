import type { OpenedStage } from "../open-stages.js";
import { ElementInput } from "./element-input.js";
import { GroupInput } from "./group-input.js";
import type { InputBundles, StageInput } from "./stage-input.js";

/** What takes the rows of a stage, by what its JSON says that they are. */
export function createInput(stage: OpenedStage, bundles: InputBundles): StageInput {
  switch (stage.grouping?.merge) {
    case "none":
      return new GroupInput(stage, bundles);
    default:
      return new ElementInput(stage, bundles);
  }
}
