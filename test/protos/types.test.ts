import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findPackageRoot } from "../../src/package-root.js";
import { generateTypes, typeFiles } from "./generate-types.js";

const folder = join(findPackageRoot(), "src/beam/protos/types");

test.each(Object.keys(typeFiles))("%s says what the .proto files say", async (typeFile) => {
  await expect(generateTypes(typeFile)).toMatchFileSnapshot(join(folder, typeFile));
});

test("every .proto file has its types, and no types are left over", () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(typeFiles).sort());
  const protoFiles = readdirSync(join(findPackageRoot(), "proto/beam")).sort();
  expect(protoFiles.map((file) => file.replace(/\.proto$/u, ".ts"))).toEqual(
    Object.keys(typeFiles)
      .filter((file) => file !== "google.ts")
      .sort(),
  );
});
