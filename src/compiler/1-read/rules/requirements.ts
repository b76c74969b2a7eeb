import { knownRequirements } from "../../../beam/urns.js";
import type { Rule } from "./rule.js";

/**
 * Requirements are known.
 *
 * A runner must refuse a pipeline that requires what it does not know, even if it could run the rest.
 * Pipeline proto: `Pipeline.requirements`, `StandardRequirements`.
 */
export const checkRequirements: Rule = ({ pipeline }, diagnostics) => {
  for (const requirement of [...new Set(pipeline.requirements)].sort()) {
    if (!knownRequirements.includes(requirement))
      diagnostics.report("read/requirement-unknown", {}, { requirement });
  }
};
