import { expect, test } from "vitest";
import { emitJob } from "../../../src/compiler/5-emit/pyspark/emit-job.js";
import { compilePysparkTemplates } from "../../../src/compiler/5-emit/pyspark/templates.js";
import type { CompiledProject } from "../../../src/compiler/compile.js";
import { renderPlanMermaid } from "../../../src/picture/plan-mermaid.js";
import { askPython } from "../support/ask-python.js";
import {
  compileFixture,
  listFixtures,
  readFixture,
  testMaterials,
  textOf,
} from "../support/compile-fixture.js";
import { compileHostile } from "../support/hostile-pipeline.js";
import { hostileTexts } from "./hostile-text.js";

const materials = await testMaterials();

function compileWith(text: string, lane: "in-process" | "fn-api" = "in-process"): CompiledProject {
  return compileHostile(text, { target: "pyspark", lane });
}

test("what job.py does depends on no name, id, tag, display value or version of the pipeline", () => {
  const jobs = ["innocent", ...hostileTexts].map((text) => textOf(compileWith(text), "job.py"));
  const [innocent, ...hostile] = askPython<string[][]>("deeds", jobs);
  expect(innocent).toContain("call mapInArrow");
  expect(innocent).toContain("call exact_sum");
  hostile.forEach((deeds, index) => {
    expect(deeds, JSON.stringify(hostileTexts[index])).toEqual(innocent);
  });
});

test("a comment of job.py stays on its line, and nothing in it is invisible", () => {
  const jobs = (["in-process", "fn-api"] as const).flatMap((lane) =>
    hostileTexts.map((text) => textOf(compileWith(text, lane), "job.py")),
  );
  for (const job of jobs) {
    expect(job.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    for (const line of job.split("\n").filter((line) => line.includes("import os"))) {
      expect(line).toMatch(/^ {4}# /);
    }
  }
});

test("names stay in their labels, lines and paths in all other files", () => {
  for (const text of hostileTexts) {
    const project = compileWith(text);
    const mermaid = renderPlanMermaid(project.physicalPlan).split("\n");
    const boxes = mermaid.filter((line) => line.includes('["'));
    for (const box of boxes)
      expect(box).toMatch(/^ {2}p\d+\["[^"<>&\\]*<br\/>[a-z-]+, [a-z-]+"\]:::(native|inProcess)$/);
    expect(boxes).toHaveLength(project.physicalPlan.nodes.length);
    for (const line of mermaid.filter((line) => !boxes.includes(line))) {
      expect(line).toMatch(/^(flowchart TD| {2}p\d+ (-->|-\.->) p\d+| {2}class(Def)? [\w #:,-]+|)$/);
    }
    for (const file of ["PLAN.txt", "README.md"]) {
      expect(textOf(project, file).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }
    for (const { path } of project.files) expect(path).toMatch(/^([a-zA-Z0-9_-]+\/)*[a-zA-Z0-9_.-]+$/);
    for (const { path, content } of project.files) {
      if (path.endsWith(".json")) JSON.parse(content.toString());
    }
    const { sdkVersion, pythonVersion } = project.physicalPlan.pipeline;
    expect([pythonVersion, sdkVersion]).toEqual(["3.11", "2.77.0"]);
  }
});

test("the path of a read is a literal and nothing else", async () => {
  const fixture = listFixtures().find(({ name }) => name === "word-count")!;
  await readFixture(fixture);
  const { physicalPlan } = await compileFixture(fixture);
  const templates = compilePysparkTemplates(materials.templates);
  const jobs = ["/innocent", ...hostileTexts].map((pattern) => {
    const nodes = physicalPlan.nodes.map((node) => (node.kind === "read-text" ? { ...node, pattern } : node));
    return String(emitJob({ ...physicalPlan, nodes }, templates).content);
  });
  const [innocent, ...hostile] = askPython<string[][]>("deeds", jobs);
  expect(innocent).toContain("call read_text");
  for (const deeds of hostile) expect(deeds).toEqual(innocent);
});
