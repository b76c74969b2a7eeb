import { nameArgumentlessDoFn } from "../../../beam/recognise/argumentless-do-fn.js";
import { describeReadSource } from "../../../beam/recognise/read-source.js";
import { URN } from "../../../beam/urns.js";
import type { TransformNode } from "../../2-graph/graph.js";
import type { ReadSource } from "../plan.js";
import type { PlanContext } from "../plan-context.js";
import { decideOnce } from "../support/decide-once.js";
import type { Translator } from "./translator.js";

const READ_FROM_PARQUET = "apache_beam.io.parquetio.ReadFromParquet";
const TO_DICTIONARIES = "apache_beam.io.parquetio._ArrowTableToRowDictionaries";

/**
 * Beam: a dictionary for each row of the files that match, as pyarrow makes it (`apache_beam/io/parquetio.py`).
 * Emitted: Spark's own Parquet source, into one struct whose columns are those that the files turn out to have. The
 * runtime looks at them and has Beam's source read what Spark would read otherwise.
 * Declined: rows with a schema of Beam's, and whatever else the parts are than a read and its dictionaries.
 */
export const readParquet: Translator = {
  urns: [],
  pythonTypes: [READ_FROM_PARQUET],
  ports: { inputs: 0, outputs: 1 },
  level(transform, context) {
    const { source, reason } = decideSource(transform, context);
    return { whole: source !== null, reason };
  },
  plan(transform, context) {
    const { source, reason } = decideSource(transform, context);
    if (source === null) return;
    context.add({
      kind: "read",
      names: [transform.name],
      level: READ_FROM_PARQUET,
      lanes: [
        { lane: "native", possible: true, reason },
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
  if (!context.runsInProcess(transform)) {
    return { source: null, reason: "its functions run in workers of the SDK, which make the dictionaries" };
  }
  const parts = transform.parts.flatMap((id) => context.graph.transforms.get(id) ?? []);
  const [read, toRecords, another] = parts;
  if (read?.urn !== URN.read || toRecords?.urn !== URN.parDo || another !== undefined) {
    return { source: null, reason: "it has other parts than a read and a function that makes dictionaries" };
  }
  const doFn = context.parDoPayloadOf(toRecords)?.doFn;
  if (doFn === undefined || nameArgumentlessDoFn(doFn) !== TO_DICTIONARIES) {
    return { source: null, reason: "it doesn't make dictionaries: only those are read by Spark" };
  }
  const payload = context.readSourceOf(read);
  const described = payload === null ? null : describeReadSource(payload.source);
  if (described?.kind !== "parquet") return { source: null, reason: "its source is not Beam's for Parquet" };
  if (!described.exact) {
    return { source: null, reason: `Beam's own reader, because ${described.reasons.join(", ")}` };
  }
  return {
    source: { kind: "parquet", pattern: described.pattern, columns: described.columns },
    reason:
      "rows of Parquet files; those with types that Spark reads otherwise, or of several schemas, go through Beam's reader",
  };
}
