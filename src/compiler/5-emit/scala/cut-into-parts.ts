import { inputReferences } from "../../4-physical/input-references.js";
import type { PhysicalNode } from "../../4-physical/physical-plan.js";

/** So many steps become one method: Java allows it 64 KiB of code, and a step takes 30 to 100 bytes. */
const stepsInPart = 400;

/** So many inputs of a union take no more than a step. */
const inputsInStep = 8;

/** Steps of a plan that become one method. */
export interface Part {
  /** The value that holds its steps' rows for later parts. */
  readonly name: string;
  readonly type: string;
  readonly nodes: readonly PhysicalNode[];
  /** Rows of earlier parts that it reads, as values of theirs. */
  readonly imports: readonly string[];
  /** Whether later parts read rows of it. */
  readonly isRead: boolean;
}

/** Words that are no names of steps: those of the parts. */
export const partName = /^steps\d+$/;

/**
 * Cuts the steps of a plan into parts that the Java machine takes: one for nearly every plan.
 *
 * @param names the values of the nodes, by their ids
 */
export function cutIntoParts(
  nodes: readonly PhysicalNode[],
  names: ReadonlyMap<string, string>,
): readonly Part[] {
  const cut = cutBySize(nodes);
  const places = new Map(cut.flatMap((steps, part) => steps.map(({ id }) => [id, part] as const)));
  const reads = cut.map((steps, part) => {
    const foreign = steps.flatMap(readNodes).filter((id) => places.get(id) !== part);
    return [...new Set(foreign)];
  });
  const read = new Set(reads.flat().map((id) => places.get(id)));
  return cut.map((steps, part) => ({
    name: `steps${part + 1}`,
    type: `Steps${part + 1}`,
    nodes: steps,
    imports: reads[part]!.map((id) => `steps${places.get(id)! + 1}.${names.get(id)}`),
    isRead: read.has(part),
  }));
}

/** One part at least, none of which is empty where there are steps. */
function cutBySize(nodes: readonly PhysicalNode[]): readonly (readonly PhysicalNode[])[] {
  const cut: PhysicalNode[][] = [[]];
  let size = 0;
  for (const node of nodes) {
    const own = node.kind === "union" ? 1 + Math.floor(node.inputs.length / inputsInStep) : 1;
    if (size + own > stepsInPart && size > 0) {
      cut.push([]);
      size = 0;
    }
    cut.at(-1)!.push(node);
    size += own;
  }
  return cut;
}

function readNodes(node: PhysicalNode): readonly string[] {
  const sides = node.kind === "stage" ? node.sideInputs : [];
  return [...inputReferences(node), ...sides].map((reference) => reference.node);
}
