interface Step {
  readonly node: string;
  readonly successors: readonly string[];
  next: number;
}

/** More cycles than this are not looked for: one hostile pipeline can hold more than anybody would read. */
const enough = 10;

/**
 * Finds cycles of a directed graph, each as its nodes in order, the first again at the end. Not all that exist, but
 * none exactly if there is none. Works on a stack of its own, so that depth costs memory alone.
 */
export function findCycles(
  nodes: Iterable<string>,
  successorsOf: (node: string) => readonly string[],
): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  const finished = new Set<string>();
  const depths = new Map<string, number>();
  for (const start of nodes) {
    if (finished.has(start)) continue;
    const path: Step[] = [{ node: start, successors: successorsOf(start), next: 0 }];
    depths.set(start, 0);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const successor = step.successors[step.next++];
      if (successor === undefined) {
        path.pop();
        depths.delete(step.node);
        finished.add(step.node);
        continue;
      }
      const depth = depths.get(successor);
      if (depth !== undefined) {
        cycles.push([...path.slice(depth).map(({ node }) => node), successor]);
        if (cycles.length >= enough) return cycles;
      } else if (!finished.has(successor)) {
        depths.set(successor, path.length);
        path.push({ node: successor, successors: successorsOf(successor), next: 0 });
      }
    }
  }
  return cycles;
}
