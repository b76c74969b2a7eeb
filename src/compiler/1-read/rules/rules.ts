import { checkArtifacts } from "./artifacts.js";
import { checkCoderNesting } from "./coder-nesting.js";
import { checkComponentIds } from "./component-ids.js";
import { checkDataFlow } from "./data-flow.js";
import { checkEnvironments } from "./environments.js";
import { checkHierarchy } from "./hierarchy.js";
import { checkPayloadIds } from "./payload-ids.js";
import { checkPayloads } from "./payloads.js";
import { checkProducers } from "./producers.js";
import { checkRequirements } from "./requirements.js";
import { checkRoots } from "./roots.js";
import type { Rule } from "./rule.js";
import { checkUnreachable } from "./unreachable.js";
import { checkWindowingStrategies } from "./windowing-strategies.js";

/** Every rule that a pipeline is read by, in the order in which their diagnostics are shown. */
export const rules: readonly Rule[] = [
  checkRequirements,
  checkRoots,
  checkComponentIds,
  checkHierarchy,
  checkUnreachable,
  checkProducers,
  checkDataFlow,
  checkCoderNesting,
  checkWindowingStrategies,
  checkEnvironments,
  checkPayloads,
  checkPayloadIds,
  checkArtifacts,
];
