import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
// @ts-expect-error the scripts are plain JavaScript
import { renderReadme } from "../../scripts/support-matrix.mjs";
import { explainPipeline } from "../../src/cli/explain-pipeline.js";
import { codes } from "../../src/diagnostics/catalogue.js";
import { findPackageRoot } from "../../src/package-root.js";

const root = findPackageRoot();
const rows = JSON.parse(readFileSync(join(root, "scripts", "support.json"), "utf8")) as readonly {
  readonly fixtures?: readonly string[];
  readonly code?: string;
}[];

it("stands in the README as it is made from its rows", () => {
  expect(readFileSync(join(root, "README.md"), "utf8")).toBe(renderReadme());
});

it("comes with the picture of a word count as it is drawn", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const picture = /^```mermaid\n(.*?)^```$/ms.exec(readme)?.[1];
  const explained = await explainPipeline(join(root, "fixtures/word-count/pipeline.pb"), "mermaid", {
    target: "pyspark",
    failOnFallback: false,
  });
  expect(explained).toMatchObject({ ok: true, value: picture });
});

it("names every fixture that runs", () => {
  const fixtures = readdirSync(join(root, "fixtures")).filter((name) =>
    existsSync(join(root, "fixtures", name, "pipeline.pb")),
  );
  const named = new Set(rows.flatMap((row) => row.fixtures ?? []));
  expect(fixtures.filter((name) => !named.has(name))).toEqual([]);
});

it("names every feature of Beam that planning refuses", () => {
  // What is wrong with a pipeline, or what its user asked for, is no feature.
  const others = [
    "plan/transform-malformed",
    "plan/payload-unusable",
    "plan/artifact-clash",
    "plan/not-native",
    "plan/not-on-target",
  ];
  const named = new Set([...others, ...rows.map(({ code }) => code)]);
  expect(codes.filter((code) => code.startsWith("plan/") && !named.has(code))).toEqual([]);
});
