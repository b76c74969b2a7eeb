import type { ColumnData } from "./column-data.js";

/** The columns of a batch of rows by name, as a layout has them (ARCHITECTURE.md, "Stages"). */
export interface BatchColumns {
  readonly length: number;
  readonly columns: ReadonlyMap<string, ColumnData>;
}
