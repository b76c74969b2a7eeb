import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Draft } from "../../src/beam/protos/message-type.js";
import { BoundedTrie, type BoundedTrieNode, HistogramValue } from "../../src/beam/protos/types/metrics.js";
import { mergePayloads } from "../../src/fnhost/metrics/merge-payloads.js";
import { findPackageRoot } from "../../src/package-root.js";

interface Case {
  readonly type: string;
  /** Of two bundles, and of both merged. */
  readonly payloads: readonly [string, string, string];
}

const root = findPackageRoot();
const cases = JSON.parse(
  execFileSync(join(root, ".venv/bin/python"), [join(root, "test/fnhost/merged_metrics.py")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, PYTHONPATH: join(root, "templates/pyspark") },
  }),
) as readonly Case[];

test.each(cases.map((one, index) => [one.type, index, one] as const))(
  "metrics of type %s are merged as in process: %i",
  (_type, _index, { type, payloads }) => {
    const [first, second, merged] = payloads.map((payload) => Buffer.from(payload, "hex"));
    expect(readable(type, mergePayloads(type, first!, second!))).toEqual(readable(type, merged!));
  },
);

test("tries over their bound are cut, and what is cut is still below a path", () => {
  const paths = (first: string): readonly string[][] =>
    Array.from({ length: 60 }, (_, index) => [first, String(index % 7), String(index)]);
  const trie = (first: string, bound: number): Uint8Array =>
    BoundedTrie.encode({ bound, root: nodeOf(paths(first)) });
  const { bound, root: merged } = BoundedTrie.decode(
    mergePayloads("beam:metrics:bounded_trie:v1", trie("a", 30), trie("b", 40)),
  );
  expect(bound).toBe(30);
  expect(countPaths(merged!)).toBeLessThanOrEqual(30);
  expect(countPaths(merged!)).toBeGreaterThan(15);
  for (const path of [...paths("a"), ...paths("b")]) expect(covers(merged!, path)).toBe(true);
});

function nodeOf(paths: readonly (readonly string[])[]): Exclude<Draft<BoundedTrieNode>, Uint8Array> {
  const firsts = new Set(paths.flatMap(([first]) => (first === undefined ? [] : [first])));
  const below = (segment: string) =>
    nodeOf(paths.filter(([first]) => first === segment).map(([, ...rest]) => rest));
  return { children: new Map([...firsts].map((segment) => [segment, below(segment)])) };
}

function countPaths({ children }: BoundedTrieNode): number {
  return children.size === 0 ? 1 : [...children.values()].reduce((sum, child) => sum + countPaths(child), 0);
}

function covers({ truncated, children }: BoundedTrieNode, [first, ...rest]: readonly string[]): boolean {
  if (truncated || first === undefined) return true;
  const child = children.get(first);
  return child !== undefined && covers(child, rest);
}

/** What a payload says, whatever the order of its maps. */
function readable(type: string, payload: Uint8Array): unknown {
  if (type.includes("bounded_trie")) {
    const { bound, root: node, singleton } = BoundedTrie.decode(payload);
    return { bound, singleton, root: node === undefined ? null : pathsOf(node) };
  }
  if (type.includes("histogram")) {
    const { count, bucketCounts } = HistogramValue.decode(payload);
    return { count, bucketCounts };
  }
  return Buffer.from(payload).toString("hex");
}

function pathsOf({ truncated, children }: BoundedTrieNode): unknown {
  if (truncated || children.size === 0) return truncated;
  const paths = [...children].map(([segment, child]) => [segment, pathsOf(child)] as const);
  return paths.sort(([left], [right]) => (left < right ? -1 : 1));
}
