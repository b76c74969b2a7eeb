import type { Draft } from "../../beam/protos/message-type.js";
import { BoundedTrie, type BoundedTrieNode } from "../../beam/protos/types/metrics.js";

/** Paths of a trie from one segment on; null where what lies below was dropped. */
type Node = Map<string, Node> | null;

/**
 * Unites two tries of paths and cuts the result until it is within the smaller bound (`metrics.proto`, BoundedTrie).
 * What is cut is the largest branch, at its deepest fork, as Beam's own cells do.
 */
export function mergeTries(first: Uint8Array, second: Uint8Array): Uint8Array {
  const [one, other] = [BoundedTrie.decode(first), BoundedTrie.decode(second)];
  if (isEmpty(one)) return second;
  if (isEmpty(other)) return first;
  const bound = Math.min(one.bound, other.bound);
  let root = unite(rootOf(one), rootOf(other));
  for (let before = Number.POSITIVE_INFINITY; sizeOf(root) > bound && sizeOf(root) < before; ) {
    before = sizeOf(root);
    root = trim(root);
  }
  return BoundedTrie.encode({ bound, root: draftOf(root) });
}

function isEmpty({ root, singleton }: BoundedTrie): boolean {
  return root === undefined && singleton.length === 0;
}

function rootOf({ root, singleton }: BoundedTrie): Node {
  if (root !== undefined) return nodeOf(root);
  return singleton.reduceRight<Node>((child, segment) => new Map([[segment, child]]), new Map());
}

function nodeOf({ truncated, children }: BoundedTrieNode): Node {
  return truncated ? null : new Map([...children].map(([segment, child]) => [segment, nodeOf(child)]));
}

function draftOf(node: Node): Exclude<Draft<BoundedTrieNode>, Uint8Array> {
  if (node === null) return { truncated: true };
  return { children: new Map([...node].map(([segment, child]) => [segment, draftOf(child)])) };
}

/** How many paths there are. One ends where there is nothing more below it. */
function sizeOf(node: Node): number {
  if (node === null || node.size === 0) return 1;
  let size = 0;
  for (const child of node.values()) size += sizeOf(child);
  return size;
}

function unite(one: Node, other: Node): Node {
  if (one === null || other === null) return null;
  const united = new Map(one);
  for (const [segment, child] of other)
    united.set(segment, united.has(segment) ? unite(united.get(segment)!, child) : child);
  return united;
}

function trim(node: Node): Node {
  if (node === null || node.size === 0) return node;
  let largest = "";
  let most = 0;
  for (const [segment, child] of node) {
    const size = sizeOf(child);
    if (size > most) [largest, most] = [segment, size];
  }
  if (most === 1) return null;
  return new Map(node).set(largest, trim(node.get(largest)!));
}
