import { listChildren } from "../pickle/list-children.js";
import type { PickleObject, PickleValue, ReadablePickle } from "../pickle/pickle-value.js";

/**
 * The first call of a pickle that isn't in `expected`, or null. A call whose result is thrown away can still change
 * an object or a class, so what a pickle makes is only certain where every call is accounted for.
 */
export function findUnexpectedCall(
  document: ReadablePickle,
  expected: ReadonlySet<PickleObject>,
): PickleObject | null {
  return document.calls.find((call) => !expected.has(call)) ?? null;
}

/** Every object in a value, itself included, each once. */
export function collectObjects(root: PickleValue): Set<PickleObject> {
  const seen = new Set<PickleValue>([root]);
  const objects = new Set<PickleObject>();
  const waiting = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (value.kind === "object") objects.add(value);
    for (const child of listChildren(value)) {
      if (seen.has(child)) continue;
      seen.add(child);
      waiting.push(child);
    }
  }
  return objects;
}
