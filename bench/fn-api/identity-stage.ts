import type { Draft } from "../../src/beam/protos/message-type.js";
import { ProcessBundleDescriptor } from "../../src/beam/protos/types/bundle.js";
import { type Environment, ProcessPayload } from "../../src/beam/protos/types/environment.js";
import { Pipeline, type PTransform } from "../../src/beam/protos/types/pipeline.js";
import { URN } from "../../src/beam/urns.js";

/** A stage as it lies in a project: the bytes of its descriptor, and its JSON. */
export interface StageFiles {
  readonly descriptor: Uint8Array;
  readonly json: string;
}

/**
 * The stage of the only function of a pipeline, with bytes as its input and its output, in the form that
 * ARCHITECTURE.md ("Stages") gives: what the compiler makes of it, without the steps before and after.
 *
 * @param worker the program that starts its workers
 */
export function cutIdentityStage(pipeline: Uint8Array, worker: string): StageFiles {
  const { transforms, environments, ...components } = Pipeline.decode(pipeline).components!;
  const [id, transform] = [...transforms].find(
    ([, { spec, subtransforms }]) => spec?.urn === URN.parDo && subtransforms.length === 0,
  )!;
  const source = onlyOf(transform.inputs);
  const sink = onlyOf(transform.outputs);
  const bytes = [...components.coders].find(([, { spec }]) => spec?.urn === URN.coderBytes)![0];
  const pcollections = new Map(
    [source, sink].map((name) => [name, { ...components.pcollections.get(name)!, coderId: bytes }]),
  );
  const descriptor = ProcessBundleDescriptor.encode({
    id: "identity",
    ...components,
    pcollections,
    environments: new Map(
      [...environments].map(([name, environment]) => [name, startedBy(worker, environment)]),
    ),
    transforms: new Map<string, Partial<PTransform>>([
      [id, transform],
      ["beam2spark_source", port("source", { outputs: new Map([["out", source]]) })],
      ["beam2spark_sink_0", port("sink", { inputs: new Map([["in", sink]]) })],
    ]),
  });
  const dropped = { kind: "dropped" };
  const layout = { value: { kind: "bytes" }, timestamp: dropped, window: dropped, pane: dropped };
  const json = JSON.stringify({
    name: "identity",
    transforms: [transform.uniqueName],
    input: { pcollection: source, layout, grouped: null },
    outputs: [{ pcollection: sink, layout, combine: null }],
    sideInputs: [],
  });
  return { descriptor, json };
}

/** The environment, with workers that are started by a program on this machine. */
function startedBy(command: string, environment: Environment): Draft<Environment> {
  return {
    ...environment,
    urn: URN.environmentProcess,
    payload: ProcessPayload.encode({ command }),
    dependencies: [],
  };
}

function port(kind: string, edges: Partial<PTransform>): Partial<PTransform> {
  const spec = { urn: `beam2spark:transform:${kind}:v1`, payload: new Uint8Array(0), unknownFields: [] };
  return { spec, uniqueName: `beam2spark_${kind}`, ...edges };
}

function onlyOf(edges: ReadonlyMap<string, string>): string {
  return [...edges.values()][0]!;
}
