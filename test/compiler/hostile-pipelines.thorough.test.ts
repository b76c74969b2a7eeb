import { expect, test } from "vitest";
import { type Components, Pipeline } from "../../src/beam/protos/types/pipeline.js";
import { URN } from "../../src/beam/urns.js";
import { readPipeline } from "../../src/compiler/1-read/read-pipeline.js";
import { type Target, targets } from "../../src/compiler/4-physical/target.js";
import type { ProjectMaterials } from "../../src/compiler/5-emit/shared/project-materials.js";
import { compilePipeline } from "../../src/compiler/compile.js";
import { formatDiagnostics } from "../../src/diagnostics/format.js";
import { fixturePipelines } from "../1-read/fixture-pipelines.js";
import { makeRandom } from "../beam-pickle/random.js";
import { testMaterials } from "./support/compile-fixture.js";

type Random = (limit: number) => number;

/** One change that leaves the pipeline decodable, but maybe not sensible. */
type Mutation = (components: Components, random: Random) => Components;

const urns: readonly string[] = [
  URN.impulse,
  URN.read,
  URN.parDo,
  URN.groupByKey,
  URN.combinePerKey,
  URN.combineGroupedValues,
  URN.flatten,
  URN.reshuffle,
  URN.windowInto,
  "",
];

const mutations: Readonly<Record<string, Mutation>> = {
  "another URN": (components, random) =>
    changeTransform(components, random, (transform) => ({
      ...transform,
      spec: {
        urn: pick(urns, random),
        payload: transform.spec?.payload ?? new Uint8Array(),
        unknownFields: [],
      },
    })),
  "an input less": (components, random) =>
    changeTransform(components, random, (transform) => ({
      ...transform,
      inputs: new Map([...transform.inputs].slice(1)),
    })),
  "an input more": (components, random) =>
    changeTransform(components, random, (transform) => ({
      ...transform,
      inputs: new Map([...transform.inputs, ["more", pick([...components.pcollections.keys()], random)]]),
    })),
  "an output less": (components, random) =>
    changeTransform(components, random, (transform) => ({
      ...transform,
      outputs: new Map([...transform.outputs].slice(1)),
    })),
  "an output more": (components, random) =>
    changeTransform(components, random, (transform) => ({
      ...transform,
      outputs: new Map([...transform.outputs, ["more", pick([...components.pcollections.keys()], random)]]),
    })),
  "another output": (components, random) =>
    changeTransform(components, random, (transform) => ({
      ...transform,
      outputs: new Map(
        [...transform.outputs.keys()].map((tag) => [tag, pick([...components.pcollections.keys()], random)]),
      ),
    })),
  "another input": (components, random) =>
    changeTransform(components, random, (transform) => ({
      ...transform,
      inputs: new Map(
        [...transform.inputs.keys()].map((tag) => [tag, pick([...components.pcollections.keys()], random)]),
      ),
    })),
  "an output twice": (components, random) =>
    changeTransform(components, random, (transform) => ({
      ...transform,
      outputs: new Map([
        ...transform.outputs,
        ...[...transform.outputs.values()].map((id) => ["again", id] as const),
      ]),
    })),
  "parts forgotten": (components, random) =>
    changeTransform(components, random, (transform) => ({ ...transform, subtransforms: [] })),
  "payload forgotten": (components, random) =>
    changeTransform(components, random, (transform) => ({
      ...transform,
      spec: { urn: transform.spec?.urn ?? "", payload: new Uint8Array(), unknownFields: [] },
    })),
  "another coder": (components, random) => ({
    ...components,
    pcollections: changeOne(components.pcollections, random, (pcollection) => ({
      ...pcollection,
      coderId: pick([...components.coders.keys()], random),
    })),
  }),
  "another windowing": (components, random) => ({
    ...components,
    pcollections: changeOne(components.pcollections, random, (pcollection) => ({
      ...pcollection,
      windowingStrategyId: pick([...components.windowingStrategies.keys()], random),
    })),
  }),
  "other parts of a coder": (components, random) => ({
    ...components,
    coders: changeOne(components.coders, random, (coder) => ({
      ...coder,
      componentCoderIds:
        random(2) === 0 ? coder.componentCoderIds.slice(1) : [...coder.componentCoderIds, "none"],
    })),
  }),
  "another coder's URN": (components, random) => ({
    ...components,
    coders: changeOne(components.coders, random, (coder) => ({
      ...coder,
      spec: {
        urn: pick([URN.coderKv, URN.coderIterable, URN.coderNullable, URN.coderVarint, "x"], random),
        payload: new Uint8Array(),
        unknownFields: [],
      },
    })),
  }),
};

test("a pipeline that makes no sense is compiled or refused, and nothing is thrown", async () => {
  const materials = { pyspark: await testMaterials("pyspark"), scala: await testMaterials("scala") };
  const random = makeRandom(7);
  const pipelines = [...fixturePipelines()].filter(([name]) => !name.includes("unlifted"));
  const outcomes = new Map<string, number>();
  const thrown: string[] = [];
  for (let round = 0; round < 500; round++) {
    const [name, bytes] = pipelines[round % pipelines.length]!;
    const pipeline = Pipeline.decode(bytes);
    let components = pipeline.components!;
    const applied: string[] = [];
    for (let change = 0; change <= random(2); change++) {
      const mutation = pick(Object.keys(mutations), random);
      components = mutations[mutation]!(components, random);
      applied.push(mutation);
    }
    const content = Pipeline.encode({ ...pipeline, components });
    try {
      // Each target has every pipeline in its turn.
      const target = targets[Math.floor(round / pipelines.length) % targets.length]!;
      const outcome = compile(content, target, materials[target]);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    } catch (error) {
      thrown.push(`${round} ${name}, ${applied.join(", ")}: ${(error as Error).message}`);
    }
  }
  expect(thrown).toEqual([]);
  expect(outcomes.get("compiled")).toBeGreaterThan(100);
  expect([...outcomes.keys()].filter((outcome) => outcome.startsWith("plan/")).length).toBeGreaterThan(1);
}, 180_000);

function compile(content: Uint8Array, target: Target, materials: ProjectMaterials): string {
  const read = readPipeline({ name: "hostile", content, options: {}, artifacts: [] });
  if (!read.ok) return formatted(read.diagnostics);
  const compiled = compilePipeline(read.value, { target, failOnFallback: false }, materials);
  return compiled.ok ? "compiled" : formatted(compiled.diagnostics);
}

function formatted(diagnostics: Parameters<typeof formatDiagnostics>[0]): string {
  formatDiagnostics(diagnostics);
  return diagnostics.find(({ severity }) => severity === "error")!.code;
}

function changeTransform(
  components: Components,
  random: Random,
  change: (transform: Components["transforms"] extends ReadonlyMap<string, infer T> ? T : never) => unknown,
): Components {
  return { ...components, transforms: changeOne(components.transforms, random, change as never) };
}

function changeOne<V>(
  map: ReadonlyMap<string, V>,
  random: Random,
  change: (value: V) => V,
): ReadonlyMap<string, V> {
  const id = pick([...map.keys()], random);
  return new Map([...map, [id, change(map.get(id)!)]]);
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[random(items.length)]!;
}
