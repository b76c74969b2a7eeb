import { describe, expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { compareHollowVerdicts, compareVerdicts } from "../../scripts/conformance/compare-verdicts.mjs";

const record = (verdict: string, message = "") => ({ verdict, message });
const state = { capability: "State", why: "later", says: "plan/state-unsupported", tests: ["Suite.state"] };
const drain = {
  capability: "Drain",
  why: "no way to ask",
  verdict: "skip",
  says: "drain",
  tests: ["Suite.drain"],
};
const expectations = { notPassing: [state, drain], notCounted: ["Suite.quiet"] };
const asExpected = {
  "Suite.map": record("pass"),
  "Suite.state": record("fail", "error plan/state-unsupported"),
  "Suite.drain": record("skip", "can't drain"),
};

describe("compareVerdicts", () => {
  const compare = (changes: object, wanted: number | null = 3): readonly string[] =>
    compareVerdicts({ ...asExpected, ...changes }, expectations, wanted);

  it("is content where all is as listed", () => {
    expect(compare({})).toEqual([]);
  });

  it.each(["fail", "timeout", "hollow", "local", "skip"])("finds an unexpected %s", (verdict) => {
    expect(compare({ "Suite.map": record(verdict, "why") })).toEqual([
      `Suite.map\n  should pass, but ${verdict}: why`,
    ]);
  });

  it("finds an unexpected pass", () => {
    expect(compare({ "Suite.state": record("pass") })).toEqual([
      "Suite.state\n  is listed with fail, but passes: take it off the list",
    ]);
  });

  it("finds a test that fails for another reason, or in another way", () => {
    expect(compare({ "Suite.state": record("fail", "KeyError") })).toEqual([
      "Suite.state\n  should say “plan/state-unsupported”, but fail: KeyError",
    ]);
    expect(compare({ "Suite.state": record("timeout", "60 s") })).toEqual([
      "Suite.state\n  is listed with fail, but timeout: 60 s",
    ]);
  });

  it("misses tests, unless only some were asked for", () => {
    expect(compare({}, 4)).toEqual(["3 tests have a verdict and not 4"]);
    expect(compare({}, null)).toEqual([]);
    expect(compareVerdicts({}, expectations, null)).toEqual(["no test was run"]);
  });
});

describe("compareHollowVerdicts", () => {
  const compare = (changes: object): readonly string[] =>
    compareHollowVerdicts(
      { "Suite.map": record("hollow", "0 of 1"), "Suite.quiet": record("pass"), ...changes },
      expectations,
      2,
    );

  it("takes only what can't be counted for a pass", () => {
    expect(compare({})).toEqual([]);
    expect(compare({ "Suite.map": record("pass") })).toEqual([
      "Suite.map\n  passes although nothing was run",
      "no test was found to be hollow",
    ]);
    expect(compare({ "Suite.quiet": record("hollow", "0 of 1") })).toEqual([
      "Suite.quiet\n  is listed as not counted, but hollow: 0 of 1",
    ]);
  });
});
