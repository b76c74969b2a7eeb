import { expect, it } from "vitest";
import { diagnose } from "../../src/diagnostics/diagnose.js";
import { formatDiagnostics } from "../../src/diagnostics/format.js";
import { formatRefusal } from "../../src/jobs/refusal-text.js";

const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    diagnose(
      "plan/streaming-unsupported",
      { transform: `Zähle/${index}/${"x".repeat(90)}😀` },
      { pcollection: "p" },
    ),
  );
const warning = diagnose("serve/environment-replaced", {}, { environment: "localhost:1" });

it("has all of a few diagnostics in full, errors first", () => {
  const text = formatRefusal([warning, ...many(2)]);
  expect(text).toContain(formatDiagnostics([warning]).trimEnd());
  expect(text.indexOf("error plan")).toBeLessThan(text.indexOf("warning serve"));
});

it.each([30, 60, 2000])("has a place for each of %i that a header can carry, or their number", (count) => {
  const text = formatRefusal(many(count));
  expect(encodeURI(text).length).toBeLessThan(6200);
  const more = Number(/… and (\d+) more/.exec(text)?.[1] ?? 0);
  expect(text.match(/^error plan\/streaming-unsupported/gm)?.length).toBe(count - more);
  expect(text).toContain("streaming is not supported yet");
});
