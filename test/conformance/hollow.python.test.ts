import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { runSuite } from "../../scripts/conformance/run-suite.mjs";
// @ts-expect-error the scripts are plain JavaScript
import { startService } from "../../scripts/conformance/start-service.mjs";
// @ts-expect-error the scripts are plain JavaScript
import { virtualPython } from "../../scripts/paths.mjs";
import { findPackageRoot } from "../../src/package-root.js";

const words =
  "test_combine_per_key or test_assert_that or test_windowing or test_pardo_side_input_dependencies";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function listVerdicts(endpoint: string, environment: readonly string[]) {
  const { records } = await runSuite("class", endpoint, folder, ["-k", words, ...environment]);
  return Object.fromEntries(
    Object.entries(records as Record<string, { verdict: string }>).map(([test, { verdict }]) => [
      test,
      verdict,
    ]),
  );
}

it("finds tests hollow where a service says DONE and runs nothing", { timeout: 240_000 }, async () => {
  const service = await startService({
    command: [virtualPython, join(findPackageRoot(), "test", "conformance", "hollow_service.py")],
    environment: process.env,
    folder,
    logFile: join(folder, "service.log"),
  });
  try {
    expect(await listVerdicts(service.endpoint, [])).toEqual({
      "EndpointTest.test_assert_that": "fail",
      "EndpointTest.test_combine_per_key": "hollow",
      "EndpointTest.test_pardo_side_input_dependencies": "pass",
      "EndpointTest.test_windowing": "hollow",
    });
  } finally {
    await service.stop();
  }
});

it("finds none hollow on a runner of Beam's own", { timeout: 240_000 }, async () => {
  expect(await listVerdicts("embed", ["--environment", "beam:env:embedded_python:v1"])).toEqual({
    "EndpointTest.test_assert_that": "pass",
    "EndpointTest.test_combine_per_key": "pass",
    "EndpointTest.test_pardo_side_input_dependencies": "pass",
    "EndpointTest.test_windowing": "pass",
  });
});
