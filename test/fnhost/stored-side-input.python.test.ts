import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { URN } from "../../src/beam/urns.js";
import type { Layout } from "../../src/compiler/4-physical/layout.js";
import { ByteReader } from "../../src/fnhost/bytes/byte-reader.js";
import { StoredSideInput } from "../../src/fnhost/side-inputs/stored-side-input.js";
import type { StatePart } from "../../src/fnhost/state-stream.js";
import { findPackageRoot } from "../../src/package-root.js";

const root = findPackageRoot();
const folder = mkdtempSync(join(tmpdir(), "b2s-stored-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { paths, buckets } = JSON.parse(
  execFileSync(join(root, ".venv/bin/python"), [join(root, "test/fnhost/stored_side_input.py"), folder], {
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: join(root, "templates/pyspark") },
  }),
) as { readonly paths: readonly string[]; readonly buckets: readonly number[] };

const layout: Layout = {
  value: { kind: "kv", key: { kind: "utf8" }, value: { kind: "bytes" } },
  timestamp: { kind: "dropped" },
  window: { kind: "interval" },
  pane: { kind: "dropped" },
};
const parts = [URN.coderStringUtf8, URN.coderBytes].map((urn) => ({ urn, parts: [] }));
const coder = { urn: URN.coderKv, parts };
const byBucket = new Map(buckets.map((bucket, file) => [bucket, file]));
const stored = new StoredSideInput(
  { paths, buckets: byBucket, bucketCount: 3 },
  { layout, coder, window: { urn: URN.coderIntervalWindow, parts: [] } },
);

function keyOf(number: number): Uint8Array {
  const text = Buffer.from(`key ${number}`);
  return Buffer.concat([Buffer.from([text.length]), text]);
}

/** All parts of an answer, each of nested texts; and how many there were. */
function readAll(ask: (token: Uint8Array) => StatePart): { texts: readonly string[]; parts: number } {
  const texts: string[] = [];
  let token = new Uint8Array(0) as Uint8Array;
  let count = 0;
  do {
    const { data, continuationToken } = ask(token);
    const source = new ByteReader(data);
    while (!source.isAtEnd) {
      const size = source.length();
      const start = source.skip(size);
      texts.push(Buffer.from(data.subarray(start, start + size)).toString());
    }
    token = continuationToken;
    count++;
  } while (token.length > 0);
  return { texts, parts: count };
}

const window = (name: string) => Buffer.from(name);

test("a key has its values and no other's, in its window", () => {
  for (const name of ["w1", "w2"]) {
    for (const number of [0, 1, 7, 123, 499]) {
      const { texts } = readAll((token) => stored.values(window(name), keyOf(number), token));
      const numbers = texts.map((text) => text.split(" ").slice(0, 3).join(" "));
      const count = number === 7 ? 400 : 2;
      expect(numbers.sort()).toEqual(
        Array.from({ length: count }, (_, index) => `${name} ${number} ${index}`).sort(),
      );
    }
  }
  for (const [name, key] of [
    ["w1", keyOf(500)],
    ["w3", keyOf(1)],
    ["", keyOf(1)],
  ] as const)
    expect(readAll((token) => stored.values(window(name), key, token)).texts).toEqual([]);
});

test("a window has all its elements, in parts, and each of its keys once", () => {
  const { texts, parts: count } = readAll((token) => stored.elements(window("w2"), token));
  expect(texts.length).toBe(2 * (499 * 2 + 400));
  expect(count).toBe(1);
  const keys = readAll((token) => stored.keys(window("w1"), token)).texts;
  expect([...keys].sort()).toEqual(Array.from({ length: 500 }, (_, index) => `key ${index}`).sort());
});

test("a token goes on where a part has ended, even between two rows of a key", () => {
  const whole = readAll((token) => stored.keys(window("w1"), token)).texts;
  // As if a part had ended after the first block of the first file.
  const token = Buffer.alloc(8);
  token.writeUInt32BE(0, 0);
  token.writeUInt32BE(1, 4);
  const rest = readAll(() => stored.keys(window("w1"), token)).texts;
  expect(rest.length).toBeLessThan(whole.length);
  expect(whole.slice(-rest.length + 1)).toEqual(rest.slice(1));
  stored.close();
  expect(readAll((next) => stored.keys(window("w1"), next)).texts).toEqual(whole);
  stored.close();
});

test("a file that isn't whole is an error", () => {
  const broken = new StoredSideInput(
    { paths: [join(root, "package.json")], buckets: null, bucketCount: 1 },
    { layout, coder, window: { urn: URN.coderIntervalWindow, parts: [] } },
  );
  expect(() => broken.elements(window("w1"), new Uint8Array(0))).toThrow("not a whole file of a side input");
  expect(() => broken.values(window("w1"), keyOf(1), new Uint8Array(0))).toThrow("only read whole");
  broken.close();
});
