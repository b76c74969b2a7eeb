import { URN } from "../../../beam/urns.js";
import type { Translator } from "./translator.js";

/**
 * Beam: one element of empty bytes, in the global window, at the minimum timestamp.
 * Emitted: a DataFrame of one row.
 * Declined: never.
 */
export const impulse: Translator = {
  urns: [URN.impulse],
  ports: { inputs: 0, outputs: 1 },
  level: () => ({ whole: true, reason: "one element of empty bytes is one row" }),
  plan(transform, context) {
    context.add({
      kind: "impulse",
      names: [transform.name],
      level: URN.impulse,
      lanes: [{ lane: "native", possible: true, reason: "one row" }],
      reason: "one element of empty bytes is one row",
      output: context.onlyOutput(transform),
    });
  },
};
