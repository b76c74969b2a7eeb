import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type DriverContext, PackagesError, wantDriver } from "../../src/drivers/launch-driver.js";

it("refuses packages whose names can't be beside each other, and leaves nothing behind", async () => {
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  const path = join(folder, "file");
  writeFileSync(path, "");
  const packages = ["a", "a/b.whl"].map((name) => ({ name, sha256: name, path }));
  const context: DriverContext = {
    launch: { python: "/nowhere/python", sparkHome: "/nowhere" } as DriverContext["launch"],
    environment: {},
    sparkWords: [],
    settings: new Set(),
    runtime: { folder, archive: path },
    moduleFolders: [],
    folder,
    onLost: () => {},
  };
  const wanted = wantDriver({ master: "local", packages }, context);
  await expect(wanted.start(new AbortController().signal)).rejects.toThrow(PackagesError);
  expect(readdirSync(folder)).toEqual(["file"]);
  rmSync(folder, { recursive: true });
});
