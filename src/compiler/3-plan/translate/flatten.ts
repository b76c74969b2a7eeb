import { URN } from "../../../beam/urns.js";
import type { Translator } from "./translator.js";

/**
 * Beam: all elements of all inputs, each with its own timestamp, window and pane; one input may stand there
 * twice, and there may be none.
 * Emitted: `union` after every input has the output's layout.
 * Declined: never.
 */
export const flatten: Translator = {
  urns: [URN.flatten],
  ports: { inputs: "any", outputs: 1 },
  level: () => ({ whole: true, reason: "a union of rows of one layout" }),
  plan(transform, context) {
    context.add({
      kind: "flatten",
      names: [transform.name],
      level: URN.flatten,
      lanes: [
        { lane: "native", possible: true, reason: "DataFrame.union keeps duplicates and metadata columns" },
      ],
      reason: "a union of rows of one layout",
      inputs: [...transform.inputs.values()],
      output: context.onlyOutput(transform),
    });
  },
};
