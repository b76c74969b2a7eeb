import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { zipFolder } from "../../src/launcher/zip-folder.js";
import { projectPython } from "../protos/project-python.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  mkdirSync(join(folder, "package", "part"), { recursive: true });
  writeFileSync(join(folder, "package", "__init__.py"), "");
  writeFileSync(join(folder, "package", "part", "__init__.py"), "answer = 'é' * 2\n");
  writeFileSync(join(folder, "package", "part", "old.pyc"), "compiled");
});
afterEach(() => rmSync(folder, { recursive: true }));

it("makes a zip that Python finds whole and imports from", () => {
  const zip = join(folder, "out.zip");
  writeFileSync(zip, zipFolder(join(folder, "package"), "named"));
  const program = [
    "import sys, zipfile",
    "archive = zipfile.ZipFile(sys.argv[1])",
    "assert archive.testzip() is None",
    "sys.path.insert(0, sys.argv[1])",
    "from named.part import answer",
    "print(archive.namelist(), ascii(answer))",
  ].join("\n");
  const printed = execFileSync(projectPython(), ["-c", program, zip], { encoding: "utf8" });
  expect(printed.trim()).toBe("['named/__init__.py', 'named/part/__init__.py'] '\\xe9\\xe9'");
});

it("gives the same bytes whenever the files were written", () => {
  const before = zipFolder(join(folder, "package"), "named");
  utimesSync(join(folder, "package", "__init__.py"), 1, 1);
  expect(zipFolder(join(folder, "package"), "named").equals(before)).toBe(true);
});
