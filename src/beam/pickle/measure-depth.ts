import { listChildren } from "./list-children.js";
import type { PickleValue } from "./pickle-value.js";
import { Unreadable } from "./unreadable.js";

/**
 * Checks that a depth-first walk which enters each value once stays within `limit` levels, so that later walks
 * may recurse. Throws `Unreadable` where it does not. Itself it keeps its own stack.
 */
export function measureDepth(root: PickleValue, limit: number): void {
  const entered = new Set<PickleValue>([root]);
  const path: Iterator<PickleValue>[] = [listChildren(root)];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = top.next();
    if (next.done === true) {
      path.pop();
      continue;
    }
    if (isLeaf(next.value) || entered.has(next.value)) continue;
    if (path.length === limit) throw new Unreadable(`its values are nested over ${limit} deep`);
    entered.add(next.value);
    path.push(listChildren(next.value));
  }
}

function isLeaf(value: PickleValue): boolean {
  return value.kind === "str" || value.kind === "int" || value.kind === "global" || value.kind === "none";
}
