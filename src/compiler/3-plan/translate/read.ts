import { PARQUET_SOURCE } from "../../../beam/recognise/parquet-source.js";
import { describeReadSource } from "../../../beam/recognise/read-source.js";
import { URN } from "../../../beam/urns.js";
import type { TransformNode } from "../../2-graph/graph.js";
import type { ReadSource } from "../plan.js";
import type { PlanContext } from "../plan-context.js";
import { decideOnce } from "../support/decide-once.js";
import { decideNative } from "./combine-per-key.js";
import type { Translator } from "./translator.js";

/**
 * Beam: every record of a bounded source once, in the global window, at the minimum timestamp.
 * Emitted: Spark's own text source where its lines are Beam's; a Python data source (DataSourceV2) that runs the
 * pickled source where nothing but Spark operators follows.
 * Declined: any other source: its splittable DoFn runs in the same Python worker as the functions that follow, so
 * that no record crosses between the JVM and Python.
 */
export const read: Translator = {
  urns: [URN.read],
  ports: { inputs: 0, outputs: 1 },
  level(transform, context) {
    const decided = decideSource(transform, context);
    return { whole: decided.source !== null, reason: decided.reason };
  },
  plan(transform, context) {
    const { source, reason } = decideSource(transform, context);
    if (source === null) return;
    context.add({
      kind: "read",
      names: [transform.name],
      level: transform.pythonType ?? URN.read,
      lanes: [
        { lane: "native", possible: source.kind === "text", reason },
        { lane: "in-process", possible: true, reason: "Beam's own reader in Spark's Python workers" },
      ],
      reason,
      output: context.onlyOutput(transform),
      source,
    });
  },
};

const decideSource = decideOnce(findSource);

function findSource(
  transform: TransformNode,
  context: PlanContext,
): { readonly source: ReadSource | null; readonly reason: string } {
  const payload = context.readSourceOf(transform);
  if (payload === null) return { source: null, reason: "its source can't be read" };
  const described = describeReadSource(payload.source);
  if (described.kind === "text") {
    return described.exact
      ? {
          source: { kind: "text", pattern: described.pattern, compression: described.compression },
          reason: "lines of text; compressed and hidden files, too, which Spark's own source reads otherwise",
        }
      : { source: null, reason: `Beam's own reader, because ${described.reasons.join(", ")}` };
  }
  if (described.kind === "unknown") return { source: null, reason: described.reason };
  if (!context.runsInProcess(transform)) {
    return { source: null, reason: "its functions run in workers of the SDK, and so does its reader" };
  }
  const className = described.kind === "parquet" ? PARQUET_SOURCE : described.className;
  if (isReadByOperatorsOnly(context.onlyOutput(transform), context)) {
    return {
      source: { kind: "python", className, transform: transform.id },
      reason: "only Spark operators read it, so that Spark plans the splits of the source itself",
    };
  }
  return { source: null, reason: "Python functions follow: its parts run in the same worker as they do" };
}

/** True where no Python function reads the PCollection: only groups and aggregates that Spark does itself. */
function isReadByOperatorsOnly(pcollection: string, context: PlanContext): boolean {
  const consumers = context.consumersOf(pcollection);
  return (
    consumers.length > 0 &&
    consumers.every((consumer) => {
      const combine = context.findEnclosing(consumer, ({ urn }) => urn === URN.combinePerKey);
      if (combine !== null) return decideNative(combine, context).combiner !== null;
      return consumer.urn === URN.groupByKey;
    })
  );
}
