import type { WindowingStrategy } from "../../beam/payloads/windowing-strategy.js";
import type { Components, Pipeline } from "../../beam/protos/types/pipeline.js";
import { createCollector } from "../../diagnostics/collector.js";
import type { Result } from "../../diagnostics/diagnostic.js";
import { invariant } from "../../diagnostics/invariant.js";
import type { Artifact } from "./artifact.js";
import { type ComponentBytes, splitComponents } from "./component-bytes.js";
import type { JsonObject } from "./json.js";
import { limits } from "./limits.js";
import { parsePipeline } from "./parse-pipeline.js";
import type { PipelineSource } from "./pipeline-source.js";
import { createRuleContext } from "./rules/rule.js";
import { rules } from "./rules/rules.js";

/** A pipeline that keeps the rules of the Beam model, so that later phases need not ask again. */
export interface ReadPipeline {
  readonly name: string;
  readonly pipeline: Pipeline;
  /** The pipeline as it came; of proto JSON, the proto that it stands for. */
  readonly bytes: Uint8Array;
  /** The typed components; maps are sorted by id. */
  readonly components: Components;
  /** The same components as their SDK wrote them, byte for byte; maps are sorted by id. */
  readonly originals: ComponentBytes;
  /** The checked windowing strategies of all PCollections, sorted by id. */
  readonly windowings: ReadonlyMap<string, WindowingStrategy>;
  /** Requirement URNs, each of them known. */
  readonly requirements: readonly string[];
  readonly options: JsonObject;
  readonly artifacts: readonly Artifact[];
}

/**
 * Reads a pipeline: decodes it from either form and checks it by all rules. Pure over the source's bytes.
 * Whatever the bytes are, the answer is a value or the collected diagnostics (`read/…`), never a throw.
 */
export function readPipeline(source: PipelineSource): Result<ReadPipeline> {
  const diagnostics = createCollector();
  const size = source.content.length;
  if (size > limits.pipelineBytes) {
    diagnostics.report("read/too-large", {}, { what: "the pipeline", size, limit: limits.pipelineBytes });
    return { ok: false, diagnostics: diagnostics.diagnostics };
  }
  const parsed = parsePipeline(source.content, diagnostics);
  if (parsed === null) return { ok: false, diagnostics: diagnostics.diagnostics };
  const { pipeline, bytes } = parsed;
  const { components } = pipeline;
  invariant(components, source.name, "a pipeline without components was parsed");
  const context = createRuleContext(pipeline, components, source.artifacts);
  for (const check of rules) check(context, diagnostics);
  return diagnostics.finish(() => ({
    name: source.name,
    pipeline,
    bytes,
    components,
    originals: splitComponents(bytes),
    windowings: context.windowings(),
    requirements: [...new Set(pipeline.requirements)].sort(),
    options: source.options,
    artifacts: source.artifacts,
  }));
}
