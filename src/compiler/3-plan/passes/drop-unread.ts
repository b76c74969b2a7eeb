import { type Draft, inputsOf, outputsOf, sideInputsOf } from "../draft.js";

/**
 * Drops operators whose output nobody reads. User functions stay whatever becomes of their outputs: what they do
 * beside them may be the point of the pipeline.
 *
 * @param drafts in topological order
 */
export function dropUnread(drafts: readonly Draft[]): readonly Draft[] {
  const read = new Set<string>();
  const kept: Draft[] = [];
  for (const draft of [...drafts].reverse()) {
    if (draft.kind !== "user-function" && !outputsOf(draft).some((output) => read.has(output))) continue;
    for (const pcollection of [...inputsOf(draft), ...sideInputsOf(draft)]) read.add(pcollection);
    kept.push(draft);
  }
  return kept.reverse();
}
