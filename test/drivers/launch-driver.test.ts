import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { DriverContext } from "../../src/drivers/driver-context.js";
import { wantDriver } from "../../src/drivers/launch-driver.js";
import { PreparationError } from "../../src/drivers/preparation-error.js";
import { createPysparkProgram } from "../../src/drivers/pyspark-program.js";
import { isAlive } from "../jobs/serving/start-serve.js";

let folder: string;
let file: string;
const never = new AbortController().signal;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  file = join(folder, "file");
  writeFileSync(file, "");
});
afterEach(() => rmSync(folder, { recursive: true }));

function contextWith(python: string): DriverContext {
  return {
    launch: { python, sparkHome: "/nowhere" } as DriverContext["launch"],
    environment: {},
    sparkWords: [],
    settings: new Set(),
    program: createPysparkProgram(python, { folder, archive: file }),
    moduleFolders: [],
    folder,
    onLost: () => {},
  };
}

it("refuses packages whose names can't be beside each other, and leaves nothing behind", async () => {
  const packages = ["a", "a/b.whl"].map((name) => ({ name, sha256: name, path: file }));
  const wanted = wantDriver(
    { master: "local", packages, compatibility: null },
    contextWith("/nowhere/python"),
  );
  await expect(wanted.start(never)).rejects.toThrow(PreparationError);
  expect(readdirSync(folder)).toEqual(["file"]);
});

it("has the workers' daemon say who it is, in a folder of the driver's own", async () => {
  const python = join(folder, "python");
  writeFileSync(python, '#!/bin/sh\necho "$BEAM2SPARK_RECORD_DAEMON $TMPDIR"; exit 3\n');
  chmodSync(python, 0o755);
  const wanted = wantDriver({ master: "local", packages: [], compatibility: null }, contextWith(python));
  const log = expect.stringMatching(/^1 .*\/driver-\w+\/temporary$/);
  await expect(wanted.start(never)).rejects.toMatchObject({ end: "status 3", log });
  expect(readdirSync(folder).sort()).toEqual(["file", "python"]);
});

it("gives the installation of packages up when it is told to", async () => {
  const python = join(folder, "python");
  writeFileSync(python, `#!/bin/sh\necho $$ > ${join(folder, "installing")}\nexec sleep 30\n`);
  chmodSync(python, 0o755);
  const packages = [{ name: "a.whl", sha256: "a", path: file }];
  const abort = new AbortController();
  const starting = wantDriver({ master: "local", packages, compatibility: null }, contextWith(python)).start(
    abort.signal,
  );
  const outcome = expect(starting).rejects.toThrow("enough");
  const readId = (): number => Number(readFileSync(join(folder, "installing"), "utf8"));
  await expect.poll(() => existsSync(join(folder, "installing")) && readId()).toBeGreaterThan(0);
  abort.abort(new Error("enough"));
  await outcome;
  await expect.poll(() => isAlive(readId())).toBe(false);
  expect(readdirSync(folder).sort()).toEqual(["file", "installing", "python"]);
});
