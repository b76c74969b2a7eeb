import { DockerPayload } from "../../../src/beam/protos/types/environment.js";
import type { Components } from "../../../src/beam/protos/types/pipeline.js";
import { Pipeline } from "../../../src/beam/protos/types/pipeline.js";
import { type CompiledProject, compilePipeline } from "../../../src/compiler/compile.js";
import type { PlanOptions } from "../../../src/compiler/plan-pipeline.js";
import { testMaterials, unwrap } from "./compile-fixture.js";
import { PipelineBuilder, readBytes } from "./pipeline-builder.js";

const materials = { pyspark: await testMaterials("pyspark"), scala: await testMaterials("scala") };

/** Every kind of node, all texts that a pipeline's author chooses taken from `text`. */
export function compileHostile(
  text: string,
  { target, lane }: Required<Pick<PlanOptions, "target" | "lane">>,
): CompiledProject {
  const options = { target, failOnFallback: false, lane };
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
  return unwrap(compilePipeline(readBytes(renamed(builder.bytes(), text), text), options, materials[target]));
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
