import { type Column, columnsOf, ddlOf, stageColumnGroups } from "../../4-physical/columns.js";
import type {
  OutputReference,
  PhysicalAggregate,
  PhysicalNode,
  PhysicalUnion,
  UnionColumn,
} from "../../4-physical/physical-plan.js";
import { combinerOn } from "../../4-physical/target-answers.js";
import type { ViewContext } from "../shared/view-context.js";
import { type Call, type Chain, call, chain, type Expression, type TextExpression } from "./python-code.js";
import { pythonString } from "./python-literal.js";

/** What a node's template shows: Python expressions and calls, made safe here, never text of the pipeline. */
export type NodeView = Readonly<
  Record<string, Expression | boolean | readonly string[] | readonly Call[] | undefined>
>;

type Views = {
  readonly [K in PhysicalNode["kind"]]: (
    node: Extract<PhysicalNode, { kind: K }>,
    context: ViewContext,
  ) => NodeView;
};

const views = {
  impulse: () => ({}),
  "read-text": (node) => ({
    pattern: pythonString(node.pattern),
    compression: node.compression === "auto" ? undefined : `compression=${pythonString(node.compression)}`,
  }),
  "read-parquet": (node) => ({
    pattern: pythonString(node.pattern),
    columns: node.columns === null ? undefined : `columns=[${node.columns.map(pythonString).join(", ")}]`,
  }),
  "read-data-source": (node) => ({
    stage: pythonString(node.stage),
    schema: schemaOf([columnsOf(node.outputs[0]!.layout)]),
  }),
  stage: (node, context) => ({
    maker: node.lane === "fn-api" ? "worker_stage" : "stage",
    stage: pythonString(node.stage),
    schema: schemaOf(stageColumnGroups(node.outputs)),
    sideInputs:
      node.sideInputs.length === 0
        ? undefined
        : { prefix: "side_inputs=", items: node.sideInputs.map((side) => context.variable(side.node)) },
    rows: rowsOf(node.input, context),
  }),
  group: (node, context) => ({
    rows: rowsOf(node.input, context),
    by: node.by.map(pythonString),
    sort: node.sort.map(({ name, descending }) =>
      descending ? `F.desc(${pythonString(name)})` : pythonString(name),
    ),
  }),
  aggregate: (node, context) => ({
    rows: rowsOf(node.input, context),
    by: node.by.map((name) =>
      node.elements && name === "value" ? 'F.col("value").alias("key")' : pythonString(name),
    ),
    aggregates: [`${aggregateOf(node)}.alias("value")`, ...timestampOf(node)],
    // Spark puts results after all grouping columns; the layout has them right after the key.
    select:
      node.by.length > 1
        ? [call("select", ...columnsOf(node.outputs[0]!.layout).map(({ name }) => pythonString(name)))]
        : [],
  }),
  union: (node, context) => unionView(node, context),
  spread: (node, context) => ({ rows: rowsOf(node.input, context) }),
  "side-input": (node, context) => ({ rows: rowsOf(node.input, context) }),
} satisfies Views;

/** The view of a node for its template and for the template of its materialisation. */
export function viewOf(node: PhysicalNode, context: ViewContext): NodeView {
  const view = views[node.kind] as (node: PhysicalNode, context: ViewContext) => NodeView;
  return {
    variable: node.variable,
    at: `node=${node.number}`,
    persist: node.materialisation === "persist",
    checkpoint: node.materialisation === "checkpoint",
    run: node.materialisation === "run",
    ...view(node, context),
  };
}

/** The expression for the rows of an output: the variable itself, or one output's rows of a stage with several. */
function rowsOf(reference: OutputReference, context: ViewContext): string | Chain {
  const node = context.node(reference.node);
  if (node.outputs.length <= 1) return node.variable;
  const names = columnsOf(node.outputs[reference.output]!.layout).map(({ name }) => pythonString(name));
  return chain("job", call("output", node.variable, String(reference.output), ...names));
}

function schemaOf(groups: readonly (readonly Column[])[]): TextExpression {
  return { prefix: "schema=", groups: groups.map((columns) => columns.map((column) => ddlOf([column]))) };
}

function aggregateOf(node: PhysicalAggregate): string {
  const isUnbounded = node.width === "unbounded";
  switch (combinerOn("pyspark", node.combiner)) {
    case "sum":
      if (isUnbounded) return 'exact_sum("value")';
      return node.width === null ? 'F.sum("value")' : `wrapping_sum("value", bits=${node.width})`;
    case "count":
      return node.partial ? 'F.sum("value")' : 'F.count("*")';
    case "mean":
      return isUnbounded
        ? 'F.struct(exact_sum("value").alias("total"), F.count("*").alias("count"))'
        : 'F.avg("value")';
    case "min":
      return 'F.min("value")';
    case "max":
      return 'F.max("value")';
    case "ieee-sum":
      return 'ieee_sum("value")';
    case "ieee-min":
      return 'ieee_min("value")';
    case "ieee-max":
      return 'ieee_max("value")';
  }
}

function timestampOf(node: PhysicalAggregate): readonly string[] {
  if (node.timestamp === null) return [];
  return [`${node.timestamp === "earliest" ? "F.min" : "F.max"}("timestamp").alias("timestamp")`];
}

function unionView(node: PhysicalUnion, context: ViewContext): NodeView {
  const [first, ...others] = node.inputs.map((input) => selected(rowsOf(input, context), input.columns));
  return {
    empty: first === undefined,
    schema: pythonString(ddlOf(columnsOf(node.outputs[0]!.layout))),
    first,
    others: others.map((other) => call("union", other)),
  };
}

function selected(rows: string | Chain, columns: readonly UnionColumn[] | null): string | Chain {
  return columns === null ? rows : chain(rows, call("select", ...columns.map(columnExpression)));
}

function columnExpression(column: UnionColumn): string {
  const name = pythonString(column.name);
  switch (column.from) {
    case "column":
      return name;
    case "constant": {
      const value = column.type === "bigint" ? `${column.value}L` : `X'${column.value}'`;
      return `F.expr(${pythonString(value)}).alias(${name})`;
    }
    case "window-end":
      // A window's last moment is a microsecond before its end, and milliseconds are cut towards zero.
      return `F.expr("window_end - if(window_end > 0, 1, 0)").alias(${name})`;
  }
}
