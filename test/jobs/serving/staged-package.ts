import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectPython } from "../../protos/project-python.js";

const writeWheel = `
import sys, zipfile
path, name, version = sys.argv[1:]
info = f"{name}-{version}.dist-info"
with zipfile.ZipFile(path, "w") as wheel:
    wheel.writestr(f"{name}.py", f"VERSION = {version!r}\\n")
    wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(f"{info}/RECORD", f"{name}.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
`;

/** Makes a wheel of one module whose VERSION is what is given, for `--extra_package`. */
export function makePackage(folder: string, name: string, version: string): string {
  const wheel = join(folder, `${name}-${version}-py3-none-any.whl`);
  const made = spawnSync(projectPython(), ["-c", writeWheel, wheel, name, version], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  return wheel;
}
