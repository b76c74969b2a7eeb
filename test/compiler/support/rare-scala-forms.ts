import type { PhysicalNode, PhysicalPlan } from "../../../src/compiler/4-physical/physical-plan.js";
import { emitJob } from "../../../src/compiler/5-emit/scala/emit-job.js";
import { compileScalaTemplates } from "../../../src/compiler/5-emit/scala/templates.js";
import { loadTemplates } from "../../../src/compiler/load-materials.js";
import { planPipeline } from "../../../src/compiler/plan-pipeline.js";
import { listFixtures, readFixture, unwrap } from "./compile-fixture.js";
import { PipelineBuilder } from "./pipeline-builder.js";

type NodeOf<K extends PhysicalNode["kind"]> = Extract<PhysicalNode, { kind: K }>;

/** A Job.scala with something in it that no fixture's has. */
export interface RareForm {
  readonly name: string;
  /** What it has that no fixture's has. */
  readonly form: string;
  readonly program: string;
}

/** What the Scala target may emit and no golden holds. */
export async function emitRareForms(): Promise<readonly RareForm[]> {
  const templates = compileScalaTemplates(await loadTemplates("scala"));
  const make = (name: string, form: string, plan: PhysicalPlan): RareForm => ({
    name,
    form,
    program: emitJob(plan, templates).content as string,
  });
  const sum = await changed("number-edges", "aggregate", { combiner: "ieee-sum", width: null });
  const plain = await changed("word-count", "read-text", { compression: "uncompressed" });
  return [
    make("ieee_sum", 'ieeeSum("value")', sum),
    make("uncompressed", 'compression = "uncompressed"', plain),
    make("parts", "class Steps2 {", manySteps()),
    make("wide_union", "job.union(", wideUnion()),
    make("window_ends", "window_end - if(window_end > 0, 1, 0)", unionOfWindowEnds()),
    make("constants", 'lit(-9223372036854775L).as("timestamp")', unionOfConstants()),
  ];
}

function scalaPlan(read: ReturnType<PipelineBuilder["read"]>): PhysicalPlan {
  return unwrap(planPipeline(read, { target: "scala", failOnFallback: false })).physicalPlan;
}

/** A fixture's plan, with the nodes of a kind changed. */
async function changed<K extends PhysicalNode["kind"]>(
  name: string,
  kind: K,
  change: Partial<NodeOf<K>>,
): Promise<PhysicalPlan> {
  const plan = scalaPlan(await readFixture(listFixtures().find((one) => one.name === name)!));
  const nodes = plan.nodes.map((node) => (node.kind === kind ? { ...node, ...change } : node));
  return { ...plan, nodes: nodes as PhysicalNode[] };
}

function manySteps(): PhysicalPlan {
  const builder = new PipelineBuilder();
  let rows = builder.impulse();
  for (let step = 0; step < 420; step++) rows = builder.reshuffle(`Step ${step}`, rows);
  builder.parDo("Sink", rows, { outputs: [] });
  return scalaPlan(builder.read());
}

function wideUnion(): PhysicalPlan {
  const builder = new PipelineBuilder();
  const start = builder.impulse();
  const parts = Array.from({ length: 20 }, (_, part) => builder.reshuffle(`Part ${part}`, start));
  builder.parDo("Sink", builder.flatten("All", parts), { outputs: [] });
  return scalaPlan(builder.read());
}

/** Groups of windows, whose time is their windows' end, beside elements with times of their own. */
function unionOfWindowEnds(): PhysicalPlan {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), { outputs: ["kv(utf8,varint)"] });
  const groups = builder.groupByKey("Group", builder.windowInto("Window", pairs, "fixed"));
  const others = builder.parDo("Others", groups, { outputs: ["kv(utf8,iterable(varint))"] });
  builder.parDo("Sink", builder.flatten("All", [groups, others]), { outputs: [] });
  return scalaPlan(builder.read());
}

function unionOfConstants(): PhysicalPlan {
  const builder = new PipelineBuilder();
  const start = builder.impulse();
  const others = builder.parDo("Others", builder.reshuffle("Spread", start));
  builder.parDo("Sink", builder.flatten("All", [start, others]), { outputs: [] });
  return scalaPlan(builder.read());
}
