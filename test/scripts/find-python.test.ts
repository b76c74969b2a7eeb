import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { findPython } from "../../scripts/setup/find-python.mjs";

describe("findPython", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const makePython = (name: string, version: string, ensurePip: 0 | 1, pip: 0 | 1): string => {
    const python = join(folder, name);
    writeFileSync(python, `#!/bin/sh\necho "${version} ${python}"\necho ${ensurePip}\necho ${pip}\n`);
    chmodSync(python, 0o755);
    return python;
  };

  it("prefers one that brings pip for a virtual environment, then one whose own pip can fill it", () => {
    const bare = makePython("bare", "3 12", 0, 0);
    const withPip = makePython("with-pip", "3 12", 0, 1);
    const whole = makePython("whole", "3 11", 1, 1);
    expect(findPython([bare, withPip, whole]).python.executable).toBe(whole);
    expect(findPython([bare, withPip]).python).toMatchObject({ executable: withPip, withEnsurePip: false });
  });

  it("says which part is missing, and how to get it", () => {
    const [problem] = findPython([makePython("bare", "3 12", 0, 0)]).problems;
    expect(problem.what).toBe("Python's venv module");
    expect(problem.install).not.toBe("");
  });

  it("names a Python that is too old, and the lack of any", () => {
    const old = makePython("old", "3 10", 1, 1);
    const [problem] = findPython([old, join(folder, "none")]).problems;
    expect(problem).toMatchObject({ what: "Python 3.11 or newer", why: `${old} is Python 3.10` });
    expect(findPython([join(folder, "none")]).problems[0].why).toBe("no Python was found");
  });
});
