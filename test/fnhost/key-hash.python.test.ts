import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hashKey } from "../../src/fnhost/side-inputs/key-hash.js";
import { findPackageRoot } from "../../src/package-root.js";

const root = findPackageRoot();

/** Prints the hashes of keys of all lengths up to several blocks, in windows of several lengths. */
const program = `
from beam2spark_runtime.key_hash import hash_key
for size in (0, 1, 12, 63, 64, 65, 100):
    for length in (0, 1, 7, 127, 128, 129, 255, 256, 257, 1000):
        window = bytes((size * 7 + i) % 256 for i in range(size))
        print(hash_key(window, bytes((length + i * 13) % 256 for i in range(length))))
`;

test("keys have the hashes that the in-process lane has written", () => {
  const printed = execFileSync(join(root, ".venv/bin/python"), ["-c", program], {
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: join(root, "templates/pyspark") },
  });
  const hashes = [0, 1, 12, 63, 64, 65, 100].flatMap((size) =>
    [0, 1, 7, 127, 128, 129, 255, 256, 257, 1000].map((length) =>
      hashKey(
        Uint8Array.from({ length: size }, (_, index) => size * 7 + index),
        Uint8Array.from({ length }, (_, index) => length + index * 13),
      ).toString(),
    ),
  );
  expect(hashes).toEqual(printed.trim().split("\n"));
});
