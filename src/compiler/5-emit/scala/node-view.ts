import { invariant } from "../../../diagnostics/invariant.js";
import { type Column, columnsOf, ddlOf, stageColumnGroups } from "../../4-physical/columns.js";
import type { Layout } from "../../4-physical/layout.js";
import type {
  OutputReference,
  PhysicalAggregate,
  PhysicalNode,
  PhysicalUnion,
  SortColumn,
  UnionColumn,
} from "../../4-physical/physical-plan.js";
import type { KindOn } from "../../4-physical/target-answers.js";
import type { ViewContext } from "../shared/view-context.js";
import {
  apply,
  type Call,
  type Chain,
  call,
  chain,
  type Expression,
  type Named,
  named,
} from "./scala-code.js";
import { scalaString } from "./scala-literal.js";

/** What a node's template shows: Scala expressions and calls, made safe here, never text of the pipeline. */
export type NodeView = Readonly<
  Record<string, Expression | boolean | null | readonly Expression[] | readonly Call[] | undefined>
>;

/** How the rows of a node are kept: the method of `job` that does it, or null. */
export interface Kept {
  readonly variable: string;
  readonly keep: "persist" | "checkpoint" | "run" | null;
  readonly at: Named;
}

/** A kind of node that the Scala target has; a plan with others is refused before anything is emitted. */
type ScalaNode = Extract<PhysicalNode, { kind: KindOn<"scala"> }>;

type Views = {
  readonly [K in ScalaNode["kind"]]: (
    node: Extract<ScalaNode, { kind: K }>,
    context: ViewContext,
  ) => NodeView;
};

const views = {
  impulse: () => ({}),
  "read-text": (node) => ({
    pattern: scalaString(node.pattern),
    compression:
      node.compression === "auto" ? undefined : named("compression", scalaString(node.compression)),
  }),
  stage: (node, context) => ({
    stage: scalaString(node.stage),
    schema: named("schema", { groups: stageColumnGroups(node.outputs).map(ddlParts) }),
    sideInputs:
      node.sideInputs.length === 0
        ? undefined
        : named("sideInputs", apply("Seq", ...node.sideInputs.map((side) => context.variable(side.node)))),
    rows: rowsOf(node.input, context),
    readsSplits: node.readsSplits,
    splitsAt: named("node", String(context.node(node.input.node).number)),
  }),
  group: (node, context) => ({
    rows: rowsOf(node.input, context),
    by: node.by.map(columnOf),
    sort: node.sort.some(({ descending }) => descending)
      ? node.sort.map(orderOf)
      : node.sort.map(({ name }) => scalaString(name)),
  }),
  aggregate: (node, context) => ({
    rows: rowsOf(node.input, context),
    by: node.elements ? node.by.map(keyColumnOf) : node.by.map(scalaString),
    aggregates: [`${aggregateOf(node)}.as("value")`, ...timestampOf(node)],
    // Spark puts results after all grouping columns; the layout has them right after the key.
    select: node.by.length > 1 ? [call("select", ...namesOf(node.outputs[0]!.layout))] : [],
  }),
  union: (node, context) => unionView(node, context),
  spread: (node, context) => ({ rows: rowsOf(node.input, context) }),
  "side-input": (node, context) => ({ rows: rowsOf(node.input, context) }),
} satisfies Views;

/** The view of a node for its template. */
export function viewOf(node: PhysicalNode, context: ViewContext): NodeView & Kept {
  const view = (views as Readonly<Record<string, unknown>>)[node.kind];
  invariant(view, node.id, `the Scala target has no ${node.kind}`);
  return {
    variable: context.variable(node.id),
    at: named("node", String(node.number)),
    keep: keepOf(node),
    ...(view as (node: PhysicalNode, context: ViewContext) => NodeView)(node, context),
  };
}

function keepOf({ materialisation }: PhysicalNode): Kept["keep"] {
  return materialisation === "lazy" || materialisation === "collect" ? null : materialisation;
}

/** The expression for the rows of an output: the value itself, or one output's rows of a stage with several. */
function rowsOf(reference: OutputReference, context: ViewContext): string | Chain {
  const node = context.node(reference.node);
  const variable = context.variable(reference.node);
  if (node.outputs.length <= 1) return variable;
  const names = namesOf(node.outputs[reference.output]!.layout);
  return chain("job", call("output", variable, String(reference.output), ...names));
}

function namesOf(layout: Layout): readonly string[] {
  return columnsOf(layout).map(({ name }) => scalaString(name));
}

function ddlParts(columns: readonly Column[]): readonly string[] {
  return columns.map((column) => ddlOf([column]));
}

function columnOf(name: string): string {
  return `col(${scalaString(name)})`;
}

/** A column of elements that are grouped by themselves. */
function keyColumnOf(name: string): string {
  return name === "value" ? `${columnOf(name)}.as("key")` : columnOf(name);
}

function orderOf({ name, descending }: SortColumn): string {
  return descending ? `${columnOf(name)}.desc` : columnOf(name);
}

function aggregateOf(node: PhysicalAggregate): string {
  const isUnbounded = node.width === "unbounded";
  switch (node.combiner) {
    case "sum":
      if (isUnbounded) return 'exactSum("value")';
      return node.width === null ? 'sum("value")' : `wrappingSum("value", bits = ${node.width})`;
    case "count":
      return node.partial ? 'sum("value")' : "count(lit(1))";
    case "mean":
      return isUnbounded
        ? 'struct(exactSum("value").as("total"), count(lit(1)).as("count"))'
        : 'avg("value")';
    case "min":
      return 'min("value")';
    case "max":
      return 'max("value")';
    case "ieee-sum":
      return 'ieeeSum("value")';
    case "ieee-min":
      return 'ieeeMin("value")';
    case "ieee-max":
      return 'ieeeMax("value")';
    case "largest":
    case "smallest":
      return topOf(node);
  }
}

/** A typed aggregator of the runtime; it takes the type of the values from its name. */
function topOf({ combiner, valueKind, limit }: PhysicalAggregate): string {
  const holder = combiner === "largest" ? "Largest" : "Smallest";
  const type = valueKind === "varint" ? "longs" : valueKind === "utf8" ? "texts" : "bytes";
  return `${holder}.${type}("value", limit = ${limit})`;
}

function timestampOf(node: PhysicalAggregate): readonly string[] {
  if (node.timestamp === null) return [];
  return [`${node.timestamp === "earliest" ? "min" : "max"}("timestamp").as("timestamp")`];
}

/** The compiler's stack grows with a chain of calls. */
const longestChain = 16;

function unionView(node: PhysicalUnion, context: ViewContext): NodeView {
  const inputs = node.inputs.map((input) => selected(rowsOf(input, context), input.columns));
  const [first, ...others] = inputs;
  return {
    empty: first === undefined,
    many: inputs.length > longestChain ? inputs : undefined,
    schema: { groups: [ddlParts(columnsOf(node.outputs[0]!.layout))] },
    first,
    others: others.map((other) => call("union", other)),
  };
}

function selected(rows: string | Chain, columns: readonly UnionColumn[] | null): string | Chain {
  return columns === null ? rows : chain(rows, call("select", ...columns.map(columnExpression)));
}

function columnExpression(column: UnionColumn): string {
  const name = scalaString(column.name);
  switch (column.from) {
    case "column":
      return columnOf(column.name);
    case "constant":
      return column.type === "bigint"
        ? `lit(${column.value}L).as(${name})`
        : `expr(${scalaString(`X'${column.value}'`)}).as(${name})`;
    case "window-end":
      // A window's last moment is a microsecond before its end, and milliseconds are cut towards zero.
      return `expr("window_end - if(window_end > 0, 1, 0)").as(${name})`;
  }
}
