import { expect, test } from "vitest";
import { DockerPayload } from "../../../src/beam/protos/types/environment.js";
import type { Components } from "../../../src/beam/protos/types/pipeline.js";
import { Pipeline } from "../../../src/beam/protos/types/pipeline.js";
import { emitJob } from "../../../src/compiler/5-emit/pyspark/emit-job.js";
import { compilePysparkTemplates } from "../../../src/compiler/5-emit/pyspark/templates.js";
import { type CompiledProject, compilePipeline } from "../../../src/compiler/compile.js";
import { renderPlanMermaid } from "../../../src/picture/plan-mermaid.js";
import { askPython } from "../support/ask-python.js";
import {
  compileFixture,
  listFixtures,
  readFixture,
  testMaterials,
  textOf,
  unwrap,
} from "../support/compile-fixture.js";
import { PipelineBuilder, readBytes } from "../support/pipeline-builder.js";
import { hostileTexts } from "./hostile-text.js";

const materials = await testMaterials();
type Lane = "in-process" | "fn-api";

/** Every kind of node, all texts that a pipeline's author chooses taken from `text`. */
function compileWith(text: string, lane: Lane = "in-process"): CompiledProject {
  const options = { target: "pyspark", failOnFallback: false, lane } as const;
  const builder = new PipelineBuilder();
  const name = (label: string): string => `${text}/${label}`;
  const start = builder.parDo(name("Start"), builder.impulse(text), { outputs: ["kv(utf8,varint)"] });
  const [first, second, side] = builder.parDos(name("Split"), builder.reshuffle(name("Spread"), start), {
    outputs: ["kv(utf8,varint)", "any", "any"],
  });
  const summed = builder.combine(name("Sum"), first!, "combine-sum");
  const grouped = builder.parDo(name("Each"), builder.groupByKey(name("Group"), first!), {
    outputs: ["any"],
  });
  const both = builder.flatten(name("Both"), [grouped, second!, builder.flatten(name("None"), [], "any")]);
  builder.parDo(name("Sink"), both, { outputs: [], sideInputs: [side!, summed] });
  builder.environments.set("python", {
    urn: "beam:env:docker:v1",
    payload: DockerPayload.encode({ containerImage: `${text}/image` }),
    capabilities: [
      "beam:version:sdk_base:apache/beam_python3.11_sdk:2.77.0",
      `beam:version:sdk_base:apache/beam_python3.11_sdk:${text}`,
    ],
  });
  return unwrap(compilePipeline(readBytes(renamed(builder.bytes(), text), text), options, materials));
}

/** The same pipeline with ids, tags, display data and annotations that hold the text too. */
function renamed(bytes: Uint8Array, text: string): Uint8Array {
  const pipeline = Pipeline.decode(bytes);
  const { components } = pipeline;
  if (components === undefined) throw new Error("a pipeline without components");
  const idOf = (id: string): string => `${id}${text}`;
  const labelled = {
    urn: "beam:display_data:labelled:v1",
    payload: new TextEncoder().encode(text),
    unknownFields: [],
  };
  const renamedComponents: Components = {
    ...components,
    transforms: new Map(
      [...components.transforms].map(([id, transform]) => [
        idOf(id),
        {
          ...transform,
          inputs: new Map([...transform.inputs].map(([tag, pcollection]) => [tag, idOf(pcollection)])),
          outputs: new Map(
            [...transform.outputs].map(([tag, pcollection]) => [idOf(tag), idOf(pcollection)]),
          ),
          displayData: [labelled],
          annotations: new Map([["python_type", new TextEncoder().encode(text)]]),
        },
      ]),
    ),
    pcollections: new Map(
      [...components.pcollections].map(([id, pcollection]) => [
        idOf(id),
        { ...pcollection, uniqueName: `${pcollection.uniqueName}${text}` },
      ]),
    ),
  };
  return Pipeline.encode({
    ...pipeline,
    components: renamedComponents,
    rootTransformIds: pipeline.rootTransformIds.map(idOf),
  });
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
