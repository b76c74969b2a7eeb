import { type Draft, inputsOf, outputsOf, sideInputsOf } from "../draft.js";

/**
 * Gives every draft a depth: how many barriers (operators, side inputs) lie before it. Neighbouring user functions
 * of one depth may be fused without making a cycle, because every path that leaves a stage goes deeper.
 *
 * A draft first gets the least depth it can have, then user functions are moved as deep as all their readers allow,
 * which brings a producer to a reader that has to wait for a side input. Linear in the number of edges.
 *
 * @param drafts in topological order
 * @returns the depth of each draft, by its place in `drafts`
 */
export function assignDepths(drafts: readonly Draft[]): readonly number[] {
  const makers = new Map<string, number>();
  drafts.forEach((draft, index) => {
    for (const output of outputsOf(draft)) makers.set(output, index);
  });
  const depths = drafts.map(() => 0);
  drafts.forEach((draft, index) => {
    let depth = 0;
    for (const pcollection of inputsOf(draft)) {
      const maker = makers.get(pcollection);
      if (maker === undefined) continue;
      depth = Math.max(depth, depths[maker]! + (mayFuse(drafts[maker]!, draft) ? 0 : 1));
    }
    for (const pcollection of sideInputsOf(draft)) {
      const maker = makers.get(pcollection);
      if (maker !== undefined) depth = Math.max(depth, depths[maker]! + 1);
    }
    depths[index] = depth;
  });
  const limits = drafts.map(() => Number.POSITIVE_INFINITY);
  for (let index = drafts.length - 1; index >= 0; index--) {
    const draft = drafts[index]!;
    const limit = limits[index]!;
    if (draft.kind === "user-function" && Number.isFinite(limit)) depths[index] = limit;
    for (const pcollection of inputsOf(draft)) {
      const maker = makers.get(pcollection);
      if (maker === undefined) continue;
      const allowed = depths[index]! - (mayFuse(drafts[maker]!, draft) ? 0 : 1);
      limits[maker] = Math.min(limits[maker]!, allowed);
    }
    for (const pcollection of sideInputsOf(draft)) {
      const maker = makers.get(pcollection);
      if (maker !== undefined) limits[maker] = Math.min(limits[maker]!, depths[index]! - 1);
    }
  }
  return depths;
}

/**
 * Neighbours may share a stage when both are user functions of one environment. One that reads key by key starts a
 * stage: its elements change places first.
 */
export function mayFuse(maker: Draft, reader: Draft): boolean {
  return (
    maker.kind === "user-function" &&
    reader.kind === "user-function" &&
    reader.keyed === undefined &&
    maker.environment === reader.environment
  );
}
