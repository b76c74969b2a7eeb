import { readFileSync } from "node:fs";

// The project has no skipped tests: one that is skipped or never ran has not passed.
function countVitest(report) {
  const { numTotalTests, numPassedTests, testResults } = JSON.parse(report);
  const brokenFiles = testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  return { passed: numPassedTests, failed: numTotalTests - numPassedTests + brokenFiles };
}

function countPytest(report) {
  const counts = { passed: 0, failed: 0 };
  for (const [, attributes] of report.matchAll(/<testsuite\s([^>]*)>/g)) {
    const read = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(attributes)?.[1] ?? 0);
    const failed = read("failures") + read("errors") + read("skipped");
    counts.failed += failed;
    counts.passed += Math.max(0, read("tests") - failed);
  }
  return counts;
}

const counters = { vitest: countVitest, pytest: countPytest, counts: (report) => JSON.parse(report) };

/**
 * Counts a finished suite's tests.
 *
 * In: its kind, its report's file and its exit status. Out: `{ passed, failed }`. A suite that died, or that says
 * it failed without naming a test, counts as one failure; so does one without tests.
 */
export function countResults(kind, reportFile, status) {
  if (kind === "check") return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  let counts;
  try {
    const report = readFileSync(reportFile, "utf8");
    counts = counters[kind](report);
  } catch {
    return { passed: 0, failed: 1 };
  }
  const silent = counts.failed === 0 && (status !== 0 || counts.passed === 0);
  return silent ? { ...counts, failed: 1 } : counts;
}
