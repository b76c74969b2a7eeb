import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectPython } from "../../protos/project-python.js";

/** Makes a source package of one module whose VERSION is what is given, for `--extra_package`. */
export function makePackage(folder: string, name: string, version: string): string {
  const source = join(folder, `${name}-${version}`);
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, `${name}.py`), `VERSION = "${version}"\n`);
  const setup = `from setuptools import setup\nsetup(name="${name}", version="${version}", py_modules=["${name}"])\n`;
  writeFileSync(join(source, "setup.py"), setup);
  const built = spawnSync(projectPython(), ["setup.py", "-q", "sdist"], { cwd: source, encoding: "utf8" });
  if (built.status !== 0) throw new Error(built.stderr);
  return join(source, "dist", `${name}-${version}.tar.gz`);
}
