import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { root } from "../../scripts/paths.mjs";
// @ts-expect-error the scripts are plain JavaScript
import { nameFailures } from "../../scripts/testing/name-failures.mjs";

describe("nameFailures", () => {
  let folder: string;
  let report: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "beam2spark-test-"));
    report = join(folder, "report");
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const name = (kind: string, content: string) => {
    writeFileSync(report, content);
    return nameFailures(kind, report);
  };

  it("names vitest's tests with their files and what they said first", () => {
    const assertionResults = [
      { status: "passed", fullName: "a b", failureMessages: [] },
      { status: "failed", fullName: "a c", failureMessages: ["\u001b[31mno\u001b[39m\n1\n2\n3\n4\n5\n6\n7"] },
      { status: "skipped", fullName: "a d", failureMessages: [] },
    ];
    const testResults = [
      { name: join(root, "test", "x.test.ts"), status: "failed", assertionResults },
      { name: join(root, "test", "y.test.ts"), status: "failed", message: "not found", assertionResults: [] },
    ];
    expect(name("vitest", JSON.stringify({ testResults }))).toEqual([
      { name: join("test", "x.test.ts: a c"), message: "no\n1\n2\n3\n4\n5" },
      { name: join("test", "x.test.ts: a d"), message: "skipped" },
      { name: join("test", "y.test.ts"), message: "not found" },
    ]);
  });

  it("names pytest's tests", () => {
    const suite = `<testsuites><testsuite name="pytest">
      <testcase classname="test.a" name="passes" time="1" /><testcase classname="test.a" name="prints">
      <system-out>x</system-out></testcase>
      <testcase classname="test.a" name="x[&quot;&lt;]"><failure message="assert 1 &lt; 0&#10;more">y</failure></testcase>
      <testcase classname="test.b" name="z"><error message="gone">y</error></testcase>
      </testsuite></testsuites>`;
    expect(name("pytest", suite)).toEqual([
      { name: 'test.a: x["<]', message: "assert 1 < 0\nmore" },
      { name: "test.b: z", message: "gone" },
    ]);
  });

  it("names nothing without a report that can be read", () => {
    expect(nameFailures("vitest", report)).toEqual([]);
    expect(name("vitest", '{"testResults": [')).toEqual([]);
    expect(name("check", "anything")).toEqual([]);
    expect(name("counts", '{"passed":1,"failed":1}')).toEqual([]);
  });
});
