import type { Layout, ValueLayout } from "./layout.js";

/** A column of a layout: its name and its Spark SQL type. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** The columns of a layout in their order: the value's, then timestamp, window and pane where they vary. */
export function columnsOf(layout: Layout): readonly Column[] {
  return [...valueColumns(layout.value), ...metadataColumns(layout)];
}

function valueColumns(value: ValueLayout): readonly Column[] {
  if (value.kind !== "kv") return [{ name: "value", type: typeOf(value) }];
  return [
    { name: "key", type: typeOf(value.key) },
    { name: "value", type: typeOf(value.value) },
  ];
}

function metadataColumns(layout: Layout): readonly Column[] {
  const columns: Column[] = [];
  if (layout.timestamp.kind === "column") columns.push({ name: "timestamp", type: "bigint" });
  columns.push(...windowColumns(layout));
  if (layout.pane.kind === "column") columns.push({ name: "pane", type: "binary" });
  return columns;
}

/** The columns of the window, none where it is global or nobody reads it. */
export function windowColumns(layout: Layout): readonly Column[] {
  switch (layout.window.kind) {
    case "global":
    case "dropped":
      return [];
    case "interval":
      return [
        { name: "window_start", type: "bigint" },
        { name: "window_end", type: "bigint" },
      ];
    case "encoded":
      return [{ name: "window", type: "binary" }];
  }
}

/** The Spark SQL type of a value, as DDL writes it; a record's, which no stage writes, is known when it is read. */
export function typeOf(value: ValueLayout): string {
  switch (value.kind) {
    case "bytes":
    case "encoded":
      return "binary";
    case "utf8":
      return "string";
    case "bool":
      return "boolean";
    case "varint":
    case "coded-integer":
      return "bigint";
    case "double":
      return "double";
    case "integer":
      return "decimal(38,0)";
    case "quotient":
      return "struct<total: decimal(38,0), count: bigint>";
    case "record":
      return "struct<…>";
    case "nullable":
      return typeOf(value.value);
    case "iterable":
      return `array<${typeOf(value.element)}>`;
    case "kv":
      return `struct<key: ${typeOf(value.key)}, value: ${typeOf(value.value)}>`;
  }
}

/** Spark's DDL for columns, such as `key string, value bigint`. */
export function ddlOf(columns: readonly Column[]): string {
  return columns.map(({ name, type }) => `${name} ${type}`).join(", ");
}

/**
 * The columns of the DataFrame that a stage gives: one output's own columns, several outputs' prefixed by `o<i>_`
 * after the number of the output, or `done` where the stage has none.
 */
export function stageColumns(outputs: readonly { readonly layout: Layout }[]): readonly Column[] {
  return stageColumnGroups(outputs).flat();
}

/** The columns of a stage's DataFrame by what they belong to: the number of the output, then each output. */
export function stageColumnGroups(
  outputs: readonly { readonly layout: Layout }[],
): readonly (readonly Column[])[] {
  const [first, second] = outputs;
  if (first === undefined) return [[{ name: "done", type: "boolean" }]];
  if (second === undefined) return [columnsOf(first.layout)];
  return [
    [{ name: "output", type: "int" }],
    ...outputs.map(({ layout }, index) =>
      columnsOf(layout).map(({ name, type }) => ({ name: outputColumn(index, name), type })),
    ),
  ];
}

/** The name of a column of output `index` in a stage of several outputs. */
export function outputColumn(index: number, name: string): string {
  return `o${index}_${name}`;
}
