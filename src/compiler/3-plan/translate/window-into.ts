import { URN } from "../../../beam/urns.js";
import type { Translator } from "./translator.js";

/**
 * Beam: every element gets the windows that the window function assigns to it; nothing is grouped.
 * Emitted: the SDK's own assignment, fused with the user functions around it.
 * Declined: never. Windows that are no intervals are kept in the bytes of their coder.
 */
export const windowInto: Translator = {
  urns: [URN.windowInto],
  ports: { inputs: 1, outputs: 1 },
  level: () => ({ whole: true, reason: "the SDK assigns windows inside the stage around it" }),
  plan(transform, context) {
    context.add({
      kind: "user-function",
      names: [transform.name],
      level: URN.windowInto,
      reason: "the SDK assigns windows inside the stage around it",
      transform: transform.id,
      input: context.onlyInput(transform),
      sideInputs: [],
      outputs: [context.onlyOutput(transform)],
      environment: transform.environment,
    });
  },
};
