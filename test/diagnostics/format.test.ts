import { expect, test } from "vitest";
import { createCollector } from "../../src/diagnostics/collector.js";
import { diagnose } from "../../src/diagnostics/diagnose.js";
import { formatDiagnostics, formatDiagnosticsJson } from "../../src/diagnostics/format.js";

test("the text form has a line each for place, reason and hint", () => {
  const text = formatDiagnostics([
    diagnose(
      "read/missing-id",
      { transform: "Read/Map", id: "e1", path: 'inputs["0"]' },
      { kind: "PCollection", id: "p9" },
    ),
    diagnose("read/hierarchy-cycle", { id: "e2" }, {}),
  ]);
  expect(text).toBe(
    [
      "error read/missing-id",
      '  at   Read/Map  (e1)  inputs["0"]',
      '  why  there is no PCollection "p9"',
      "  hint the SDK that made this pipeline left it incomplete; capture it again or report it there",
      "",
      "error read/hierarchy-cycle",
      "  at   (e2)",
      "  why  the transform contains itself, directly or through its parts",
      "  hint the SDK that made this pipeline disagrees with the model; capture it again or report it there",
      "",
    ].join("\n"),
  );
});

test("a name can neither forge a line nor drive a terminal, and long ones are cut", () => {
  const name = `a\nerror forged\u001b[31m\u202e\u2028${"x".repeat(500)}`;
  const text = formatDiagnostics([
    diagnose("read/missing-id", { transform: name }, { kind: "coder", id: name }),
  ]);
  expect(text.split("\n")).toHaveLength(5);
  expect(text).not.toMatch(/[\p{Cf}\p{Zl}]|\p{Cc}(?<!\n)/u);
  expect(text).toContain("a\\nerror forged\\u{1b}[31m\\u{202e}\\u{2028}xxx");
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(300);
});

test("a flood of one code is counted, not printed", () => {
  const flood = Array.from({ length: 1000 }, () => diagnose("read/hierarchy-cycle", {}, {}));
  const text = formatDiagnostics(flood);
  expect(text.match(/^error/gmu)).toHaveLength(50);
  expect(text).toMatch(/… and 950 more read\/hierarchy-cycle\n$/u);
});

test("lists in a sentence are cut", () => {
  const producers = Array.from({ length: 100 }, (_, index) => `e${index}`);
  expect(diagnose("read/several-producers", {}, { producers }).why).toMatch(/e7, … \(92 more\)$/u);
});

test("the JSON form leaves out what is absent", () => {
  const json: unknown = JSON.parse(formatDiagnosticsJson([diagnose("read/no-root", {}, {})]));
  expect(json).toEqual({
    diagnostics: [
      {
        code: "read/no-root",
        severity: "error",
        at: {},
        why: "the pipeline has no root transforms, so nothing would run",
        hint: "apply at least one transform to the pipeline",
      },
    ],
  });
});

test("a collector with warnings alone gives the value, with an error gives none", () => {
  const collector = createCollector();
  collector.report("read/unreachable-transform", { id: "e1" }, {});
  expect(collector.finish(() => 1)).toMatchObject({
    ok: true,
    value: 1,
    warnings: [{ severity: "warning" }],
  });
  collector.report("read/no-root", {}, {});
  expect(collector.finish(() => 1)).toMatchObject({ ok: false, diagnostics: [{}, { code: "read/no-root" }] });
});
