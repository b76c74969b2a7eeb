import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkLaunchEnvironment } from "../../src/launcher/launch-environment.js";

it("says where a Python was looked for", async () => {
  const folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
  const plan = { pipeline: { name: "job", sdkVersion: null, pythonVersion: null }, nodes: [] };
  const checked = await checkLaunchEnvironment(plan, undefined, { PATH: folder }, [folder]);
  const found = checked.ok ? [] : checked.diagnostics.filter(({ code }) => code.includes("python"));
  expect(found).toMatchObject([{ code: "launch/python-missing" }]);
  expect(found[0]?.why).toContain(join(folder, ".venv"));
  rmSync(folder, { recursive: true });
});
