import { describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { readExpectations } from "../../scripts/conformance/expectations.mjs";

interface Entry {
  readonly capability: string;
  readonly why: string;
  readonly verdict?: string;
  readonly says: string;
  readonly tests: readonly string[];
}

describe.each([
  ["in-process", "pyspark"],
  ["fn-api", "pyspark"],
  ["fn-api", "scala"],
])("the list of %s on %s", (lane, target) => {
  const { notPassing, notCounted } = readExpectations(lane, target) as {
    readonly notPassing: readonly Entry[];
    readonly notCounted: readonly string[];
  };

  it("gives every entry a reason, and something that its tests must say", () => {
    const empty = notPassing.filter(
      ({ capability, why, says, tests }) => [capability, why, says].includes("") || tests.length === 0,
    );
    expect(empty).toEqual([]);
  });

  it("is sorted, and names no test twice", () => {
    const lists = [
      notPassing.map(({ capability }) => capability),
      ...notPassing.map(({ tests }) => tests),
      notCounted,
    ];
    for (const list of lists) expect(list).toEqual([...list].sort());
    const tests = notPassing.flatMap((entry) => entry.tests);
    expect(tests).toHaveLength(new Set(tests).size);
  });

  it("knows no other verdicts", () => {
    const verdicts = new Set(notPassing.map(({ verdict = "fail" }) => verdict));
    expect(
      [...verdicts].filter((verdict) => !["fail", "hollow", "local", "skip", "timeout"].includes(verdict)),
    ).toEqual([]);
  });
});
