import { URN } from "../../../beam/urns.js";
import type { CoderNode } from "../../2-graph/graph.js";

type Coders = ReadonlyMap<string, CoderNode>;

/**
 * Whether two coders of a pipeline, with their components, are the same.
 *
 * @param seen pairs that need not be looked at again: one that differs decides the whole answer
 */
export function writeSameBytes(
  one: string,
  other: string,
  coders: Coders,
  seen = new Set<string>(),
): boolean {
  const pair = JSON.stringify([one, other]);
  if (one === other || seen.has(pair)) return true;
  seen.add(pair);
  const [left, right] = [coders.get(one), coders.get(other)];
  return (
    left !== undefined &&
    right !== undefined &&
    left.urn === right.urn &&
    Buffer.compare(left.payload, right.payload) === 0 &&
    left.components.length === right.components.length &&
    left.components.every((id, index) => writeSameBytes(id, right.components[index]!, coders, seen))
  );
}

/** Standard coders that write equal values as equal bytes where their components do. */
const deterministicCoders: readonly string[] = [
  URN.coderBytes,
  URN.coderStringUtf8,
  URN.coderBool,
  URN.coderVarint,
  URN.coderDouble,
  URN.coderKv,
  URN.coderNullable,
];

/** Whether a coder and all that it is made of are standard ones that write equal values as equal bytes. */
export function isDeterministic(coder: string, coders: Coders): boolean {
  const seen = new Set<string>();
  const pending = [coder];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const node = coders.get(id);
    if (node === undefined || !deterministicCoders.includes(node.urn)) return false;
    pending.push(...node.components);
  }
  return true;
}
