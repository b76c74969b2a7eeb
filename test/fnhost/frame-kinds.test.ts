import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FrameKind } from "../../src/fnhost/link/frames.js";
import { findPackageRoot } from "../../src/package-root.js";

const templates = join(findPackageRoot(), "templates");
const kinds = Object.entries(FrameKind);

test("frames have the numbers in Scala that the host knows them by", () => {
  const path = "scala/src/main/scala/beam2spark/runtime/FrameKind.scala";
  const text = readFileSync(join(templates, path), "utf8");
  const found = [...text.matchAll(/^ {2}val (\w+): Byte = (\d+)$/gm)];
  const own = kinds.map(([name, number]) => [name.replace(/^./, (first) => first.toUpperCase()), number]);
  // A JVM has no memory that it could share.
  const known = own.filter(([name]) => !String(name).startsWith("Shared"));
  expect(found.map(([, name, number]) => [name, Number(number)])).toEqual(known);
});

test("frames have the numbers in Python that the host knows them by", () => {
  const text = readFileSync(join(templates, "pyspark/beam2spark_runtime/host_link.py"), "utf8");
  const ranges = [...text.matchAll(/^((?:_[A-Z_]+, )+_[A-Z_]+) = range\((\d+), (\d+)\)$/gm)];
  const found = ranges.flatMap(([, names, first, end]) => {
    const all = names!.split(", ");
    expect(all).toHaveLength(Number(end) - Number(first));
    return all.map((name, index) => [name, Number(first) + index]);
  });
  const single = /^_END_JOB = (\d+)$/m.exec(text);
  const own = kinds.map(([name, number]) => [
    `_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
    number,
  ]);
  expect([...found, ["_END_JOB", Number(single?.[1])]]).toEqual(own);
});
