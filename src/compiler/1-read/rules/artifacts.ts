import { stagedNameOf, submissionListName } from "../../../beam/staged-name.js";
import type { Rule } from "./rule.js";

/**
 * The files that environments need came along.
 *
 * Pipeline proto: `Environment.dependencies`, `ArtifactInformation`.
 */
export const checkArtifacts: Rule = ({ components, artifacts }, diagnostics) => {
  const present = new Set(
    artifacts.map(({ environment, stagedName }) => JSON.stringify([environment, stagedName])),
  );
  for (const [id, { dependencies }] of components.environments) {
    dependencies.forEach((dependency, index) => {
      const name = stagedNameOf(dependency);
      if (name === null || name === submissionListName || present.has(JSON.stringify([id, name]))) return;
      diagnostics.report("read/artifact-missing", { id, path: `dependencies[${index}]` }, { name });
    });
  }
};
