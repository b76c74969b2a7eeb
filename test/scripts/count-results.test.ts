import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { countResults } from "../../scripts/testing/count-results.mjs";

describe("countResults", () => {
  let folder: string;
  let report: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
    report = join(folder, "report");
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const count = (kind: string, content: string, status: number | null) => {
    writeFileSync(report, content);
    return countResults(kind, report, status);
  };

  it("takes a check for one test", () => {
    expect(count("check", "", 0)).toEqual({ passed: 1, failed: 0 });
    expect(count("check", "", null)).toEqual({ passed: 0, failed: 1 });
  });

  it("takes what was skipped for failed", () => {
    const results = { numTotalTests: 5, numPassedTests: 3, testResults: [] };
    expect(count("vitest", JSON.stringify(results), 1)).toEqual({ passed: 3, failed: 2 });
    const suite =
      '<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="1" tests="9"></testsuite>';
    expect(count("pytest", suite, 1)).toEqual({ passed: 5, failed: 4 });
  });

  it("counts a file that could not be loaded", () => {
    const testResults = [{ status: "failed", assertionResults: [] }];
    const results = { numTotalTests: 3, numPassedTests: 3, testResults };
    expect(count("vitest", JSON.stringify(results), 1)).toEqual({ passed: 3, failed: 1 });
  });

  it("counts a suite that died, that failed without a word, or that has no tests", () => {
    const all = '<testsuite errors="0" failures="0" skipped="0" tests="2">';
    expect(count("pytest", all, 0)).toEqual({ passed: 2, failed: 0 });
    expect(count("pytest", all, 139)).toEqual({ passed: 2, failed: 1 });
    expect(count("pytest", all.replace('"2"', '"0"'), 5)).toEqual({ passed: 0, failed: 1 });
    expect(count("vitest", "{ cut", 0)).toEqual({ passed: 0, failed: 1 });
    expect(countResults("pytest", join(folder, "none"), 0)).toEqual({ passed: 0, failed: 1 });
  });

  it("takes a conformance run's own counts", () => {
    expect(count("counts", '{"passed":85,"failed":0}', 0)).toEqual({ passed: 85, failed: 0 });
    expect(count("counts", '{"passed":84,"failed":1}', 1)).toEqual({ passed: 84, failed: 1 });
    expect(count("counts", '{"passed":85,"failed":0}', 1)).toEqual({ passed: 85, failed: 1 });
  });
});
