import { expect, test } from "vitest";
import { emitJob } from "../../../src/compiler/5-emit/scala/emit-job.js";
import { compileScalaTemplates } from "../../../src/compiler/5-emit/scala/templates.js";
import { compileFixture, listFixtures, testMaterials, textOf } from "../support/compile-fixture.js";
import { compileHostile } from "../support/hostile-pipeline.js";
import { checkScala } from "../support/scala-code.js";
import { hostileTexts } from "./hostile-text.js";

const texts = [
  "innocent",
  ...hostileTexts,
  "*/ object Evil",
  "/* comment",
  "$job",
  "\\u002a/",
  "format: off",
];
const named = texts.map((text) => {
  const project = compileHostile(text, { target: "scala", lane: "auto" });
  return textOf(project, "src/main/scala/Job.scala");
});
const reading = await readFrom(texts);

/** Programs that read files of a pattern. */
async function readFrom(patterns: readonly string[]): Promise<readonly string[]> {
  const fixture = listFixtures().find(({ name }) => name === "word-count")!;
  const { physicalPlan } = await compileFixture(fixture, "scala");
  const templates = compileScalaTemplates((await testMaterials("scala")).templates);
  return patterns.map((pattern) => {
    const nodes = physicalPlan.nodes.map((node) => (node.kind === "read-text" ? { ...node, pattern } : node));
    return String(emitJob({ ...physicalPlan, nodes }, templates).content);
  });
}

/** The syntax trees that the parser has printed, without the values of strings, and with values by their numbers. */
function readTrees(parsed: string): readonly string[] {
  const trees = parsed.split(/^package n\d+ /m).slice(1);
  return trees.map((tree) => {
    const shape = tree.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/""(\.\$plus\(""\))+/g, '""');
    const names = [...shape.matchAll(/\bval (\w+) =/g)].map(([, name]) => name!);
    const numbers = new Map(names.map((name, number) => [name, `v${number}`]));
    const program = shape.slice(0, shape.lastIndexOf("}") + 1);
    return program.replace(/(?<![.\w])\w+/g, (word) => numbers.get(word) ?? word);
  });
}

test("what Job.scala does depends on no name, id, tag, display value or path of the pipeline", async () => {
  const programs = [...named, ...reading].map((job, index) => `package n${index}\n${job}`);
  const checked = await checkScala(new Map(programs.map((program, index) => [`n${index}`, program])));
  expect(checked.said).toBe("");
  const trees = readTrees(checked.parsed);
  expect(trees).toHaveLength(programs.length);
  for (const part of [trees.slice(0, texts.length), trees.slice(texts.length)]) {
    expect(part[0]).toContain("job.stage");
    part.forEach((tree, index) => {
      expect(tree, JSON.stringify(texts[index])).toBe(part[0]);
    });
  }
}, 600_000);

test("a comment of Job.scala stays on its line, and nothing in it is invisible", () => {
  for (const job of [...named, ...reading]) {
    expect(job.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  }
  for (const line of named.flatMap((job) => job.split("\n")).filter((line) => line.includes("import os"))) {
    expect(line).toMatch(/^ {4}\/\/ /);
  }
});
