const every = ["key", "value", "timestamp", "window_start", "window_end", "pane"];

/** Columns for statements of any width. */
export interface RandomColumns {
  /** Names in quotes, one at least. */
  columns(): readonly string[];
  /** Those of several outputs with their types, and now and then one whose type is wider than a line. */
  schemaGroups(): readonly (readonly string[])[];
}

/** What makes columns: `random` gives a number below its limit, `name` the name of a field. */
export function makeColumns(random: (limit: number) => number, name: () => string): RandomColumns {
  const some = (): readonly string[] => every.slice(0, 1 + random(every.length));
  return {
    columns: () => some().map((column) => `"${column}"`),
    schemaGroups() {
      const fields = Array.from({ length: 1 + random(12) }, () => `${name()}: binary`);
      const groups = Array.from({ length: 1 + random(3) }, () => some().map((column) => `${column} bigint`));
      return random(3) === 0 ? [...groups, [`value struct<${fields.join(", ")}>`]] : groups;
    },
  };
}
