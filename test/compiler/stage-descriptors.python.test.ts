import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { stageBinaries } from "../../src/compiler/4-physical/stage-binaries.js";
import { planPipeline } from "../../src/compiler/plan-pipeline.js";
import { fixturePipelines } from "../1-read/fixture-pipelines.js";
import { projectPython } from "../protos/project-python.js";
import { unwrap } from "./support/compile-fixture.js";
import { readBytes } from "./support/pipeline-builder.js";
import { withUnknownFields } from "./support/unknown-fields.js";

/** Component bytes in base64, by kind and id. */
type Described = Readonly<Record<string, Readonly<Record<string, string>>>>;

test("Beam's own protos read in a stage what the pipeline says, unknown fields included", () => {
  const program = fileURLToPath(new URL("describe_stages.py", import.meta.url));
  let compared = 0;
  for (const name of [
    "word-count/pipeline",
    "side-inputs/pipeline",
    "sdf/pipeline",
    "user-combine-fn/pipeline-unlifted",
  ]) {
    const bytes = withUnknownFields(fixturePipelines().get(name)!);
    const read = readBytes(bytes);
    const { plan, graph, physicalPlan } = unwrap(
      planPipeline(read, { target: "pyspark", failOnFallback: false }),
    );
    const binaries = [...stageBinaries(physicalPlan, plan, graph, read).values()];
    const base64 = (content: Uint8Array): string => Buffer.from(content).toString("base64");
    const input = JSON.stringify({
      pipeline: base64(bytes),
      stages: binaries.map(({ descriptor }) => base64(descriptor)),
    });
    const answer = JSON.parse(
      execFileSync(projectPython(), [program], { input, maxBuffer: 256 * 1024 * 1024 }).toString(),
    ) as { pipeline: Described; stages: readonly Described[] };
    expect(answer.stages).toHaveLength(binaries.length);
    for (const stage of answer.stages) {
      for (const [kind, components] of Object.entries(stage)) {
        for (const [id, content] of Object.entries(components)) {
          const original = answer.pipeline[kind]?.[id];
          if (original === undefined) continue;
          expect(content, `${name}: ${kind} ${id}`).toBe(original);
          compared++;
        }
      }
    }
  }
  expect(compared).toBeGreaterThan(100);
});
