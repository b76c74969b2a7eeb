import { describe, expect, test } from "vitest";
import { ProcessBundleDescriptor } from "../../src/beam/protos/types/bundle.js";
import { PTransform } from "../../src/beam/protos/types/pipeline.js";
import { stageBinaries } from "../../src/compiler/4-physical/stage-binaries.js";
import { compilePipeline } from "../../src/compiler/compile.js";
import { planPipeline } from "../../src/compiler/plan-pipeline.js";
import { expectSame } from "../1-read/expect-same.js";
import { fixturePipelines } from "../1-read/fixture-pipelines.js";
import { testMaterials, unwrap } from "./support/compile-fixture.js";
import { readBytes } from "./support/pipeline-builder.js";
import { unknownField, withUnknownFields } from "./support/unknown-fields.js";

const options = { target: "pyspark", failOnFallback: false } as const;

describe("fields of later versions of the model are kept", () => {
  test.each([...fixturePipelines().keys()])("%s", (name) => {
    const bytes = withUnknownFields(fixturePipelines().get(name)!);
    const read = readBytes(bytes);
    const { plan, graph, physicalPlan } = unwrap(planPipeline(read, options));
    for (const [stage, { descriptor }] of stageBinaries(physicalPlan, plan, graph, read)) {
      const described = ProcessBundleDescriptor.decode(descriptor);
      for (const [id, transform] of described.transforms) {
        if (id.startsWith("beam2spark_")) continue;
        const like = plan.added.transforms[id]?.like ?? id;
        expect(transform.unknownFields, `${stage}: ${id}`).toEqual([unknownField(`transform ${like}`)]);
        if (id === like) expectSame(transform, PTransform.decode(read.originals.transforms.get(id)!));
      }
      const kinds = ["pcollections", "coders", "windowingStrategies", "environments"] as const;
      for (const kind of kinds) {
        for (const [id, component] of described[kind]) {
          const original = read.originals[kind].get(id);
          const added = original === undefined;
          expect(component.unknownFields.length, `${stage}: ${id}`).toBe(added ? 0 : 1);
        }
      }
    }
  });
});

test("the project keeps the pipeline as it came, byte for byte", async () => {
  const bytes = withUnknownFields([...fixturePipelines().values()][0]!);
  const { files } = unwrap(compilePipeline(readBytes(bytes), options, await testMaterials()));
  const kept = files.find(({ path }) => path === "pipeline.pb")!.content as Uint8Array;
  expect(Buffer.compare(kept, bytes)).toBe(0);
});
