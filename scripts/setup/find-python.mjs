import { spawnSync } from "node:child_process";
import { installCommand } from "../../src/machine/install-command.mjs";

const names = ["python3", "python3.11", "python3.12", "python3.13", "python3.14", "python"];
const question = [
  "import importlib.util as u, sys",
  "print(sys.version_info[0], sys.version_info[1], sys.executable)",
  "print(int(u.find_spec('venv') is not None and u.find_spec('ensurepip') is not None))",
  "print(int(u.find_spec('venv') is not None and u.find_spec('pip') is not None))",
].join("\n");

function inspect(name) {
  const asked = spawnSync(name, ["-c", question], {
    encoding: "utf8",
    timeout: 20_000,
    stdio: ["ignore", "pipe", "ignore"],
  });
  if (asked.status !== 0) return null;
  const [where, withEnsurePip, withPip] = asked.stdout.trim().split("\n");
  const [, major, minor, executable] = /^(\d+) (\d+) (.*)$/.exec(where);
  return {
    executable,
    version: `${major}.${minor}`,
    newEnough: Number(major) === 3 && Number(minor) >= 11,
    withEnsurePip: withEnsurePip === "1",
    withPip: withPip === "1",
  };
}

/**
 * Finds a Python that can make the project's virtual environment.
 *
 * Debian's own Python comes without `ensurepip`; if it has pip, that pip fills the environment instead.
 * Out: `{ problems, python }`, `python` being `{ executable, version, withEnsurePip }`.
 */
export function findPython(candidates = names) {
  const found = candidates.map(inspect).filter((python) => python !== null);
  const usable = found.filter((python) => python.newEnough);
  const python =
    usable.find((candidate) => candidate.withEnsurePip) ?? usable.find((candidate) => candidate.withPip);
  if (python !== undefined) return { problems: [], python };
  if (usable.length > 0) {
    const problem = {
      what: "Python's venv module",
      why: `${usable[0].executable} has neither ensurepip nor pip to make a virtual environment with`,
      install: installCommand("venv"),
    };
    return { problems: [problem], python: null };
  }
  const why =
    found.length === 0
      ? "no Python was found"
      : found.map(({ executable, version }) => `${executable} is Python ${version}`).join("; ");
  const problem = { what: "Python 3.11 or newer", why, install: installCommand("python") };
  return { problems: [problem], python: null };
}
