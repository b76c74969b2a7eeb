import { expect, test } from "vitest";
import { ProcessBundleDescriptor } from "../../src/beam/protos/types/bundle.js";
import { PTransform } from "../../src/beam/protos/types/pipeline.js";
import { stageBinaries } from "../../src/compiler/4-physical/stage-binaries.js";
import { planPipeline } from "../../src/compiler/plan-pipeline.js";
import { unwrap } from "./support/compile-fixture.js";
import { randomPipeline } from "./support/random-pipeline.js";
import { compareCalls } from "./support/symbolic.js";

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);

function planRandom(seed: number) {
  const read = randomPipeline(seed).read();
  return { read, ...unwrap(planPipeline(read, { target: "pyspark", failOnFallback: false })) };
}

test("every function is called on what Beam's model says, once, whatever was fused", () => {
  for (const seed of seeds) {
    const { graph, plan, physicalPlan } = planRandom(seed);
    const { model, planned } = compareCalls(graph, plan, physicalPlan);
    const byId = (calls: typeof model) => [...calls].sort(([left], [right]) => (left < right ? -1 : 1));
    expect(byId(planned), `seed ${seed}`).toEqual(byId(model));
  }
});

test("a logical plan is in order, and a stage is one environment's functions behind one input", () => {
  let fused = 0;
  for (const seed of seeds) {
    const { graph, plan } = planRandom(seed);
    const made = new Set<string>();
    for (const node of plan.nodes) {
      const inputs = node.kind === "flatten" ? node.inputs : "input" in node ? [node.input] : [];
      const sides = node.kind === "stage" ? node.sideInputs.map((use) => use.pcollection) : [];
      for (const input of [...inputs, ...sides]) expect(made, `seed ${seed}: ${node.id}`).toContain(input);
      const outputs = node.kind === "stage" ? node.outputs : [node.output];
      for (const output of outputs) {
        expect(made.has(output), `seed ${seed}: ${output} is made twice`).toBe(false);
        made.add(output);
      }
      if (node.kind !== "stage") continue;
      if (node.transforms.length > 1) fused++;
      const environments = node.transforms.map((id) => {
        const like = plan.added.transforms[id]?.like ?? id;
        return graph.transforms.get(like)?.environment;
      });
      expect(new Set(environments)).toEqual(new Set([node.environment]));
    }
  }
  expect(fused).toBeGreaterThan(200);
});

test("neighbours with nothing between them share a stage", () => {
  for (const seed of seeds) {
    const { graph, plan } = planRandom(seed);
    const stageOf = new Map<string, string>();
    const apart = new Set<string>();
    for (const node of plan.nodes) {
      if (node.kind !== "stage") continue;
      for (const id of node.transforms) stageOf.set(id, node.id);
      for (const name of node.keyed?.names ?? []) apart.add(name);
    }
    const withSides = [...graph.transforms.values()].some(({ inputs }) => inputs.size > 1);
    if (withSides) continue;
    for (const maker of graph.transforms.values()) {
      for (const reader of graph.transforms.values()) {
        const main = reader.inputs.get("in");
        if (main === undefined || ![...maker.outputs.values()].includes(main)) continue;
        if (maker.environment === null || maker.environment !== reader.environment) continue;
        // Its elements change places, or are kept in files, first.
        if (apart.has(reader.name)) continue;
        // A combine has an environment too, and is no neighbour.
        if (!stageOf.has(maker.id) || !stageOf.has(reader.id)) continue;
        expect(stageOf.get(reader.id), `seed ${seed}: ${maker.id}, ${reader.id}`).toBe(stageOf.get(maker.id));
      }
    }
  }
});

test("a stage's descriptor holds everything that it refers to, and nothing else", () => {
  for (const seed of seeds.slice(0, 100)) {
    const { read, graph, plan, physicalPlan } = planRandom(seed);
    for (const { descriptor } of stageBinaries(physicalPlan, plan, graph, read).values()) {
      const { transforms, pcollections, coders, windowingStrategies, environments } =
        ProcessBundleDescriptor.decode(descriptor);
      const used = { pcollections: new Set<string>(), coders: new Set<string>() };
      for (const [id, { inputs, outputs, environmentId, uniqueName }] of transforms) {
        expect(uniqueName, id).not.toBe("");
        for (const pcollection of [...inputs.values(), ...outputs.values()])
          used.pcollections.add(pcollection);
        if (environmentId !== "") expect([...environments.keys()]).toContain(environmentId);
      }
      expect(new Set(pcollections.keys())).toEqual(used.pcollections);
      for (const { coderId, windowingStrategyId } of pcollections.values()) {
        expect([...coders.keys()]).toContain(coderId);
        expect([...windowingStrategies.keys()]).toContain(windowingStrategyId);
      }
      for (const { componentCoderIds } of coders.values()) {
        for (const component of componentCoderIds) expect([...coders.keys()]).toContain(component);
      }
      for (const [id, bytes] of read.originals.transforms) {
        const own = transforms.get(id);
        if (own !== undefined) expect(own).toEqual(PTransform.decode(bytes));
      }
    }
  }
});
