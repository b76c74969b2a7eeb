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
  const protoFiles = ["beam", "beam2spark"].flatMap((part) =>
    readdirSync(join(findPackageRoot(), "proto", part)),
  );
  expect(protoFiles.map((file) => file.replace(/\.proto$/u, ".ts")).sort()).toEqual(
    Object.keys(typeFiles)
      .filter((file) => file !== "google.ts")
      .sort(),
  );
});
