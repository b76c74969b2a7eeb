import type { Layout } from "../../compiler/4-physical/layout.js";

/** Whether rows of a layout differ in nothing but their values: no column has anything else. */
export function isValueAlone({ timestamp, window, pane }: Layout): boolean {
  return (
    timestamp.kind !== "column" &&
    (window.kind === "global" || window.kind === "dropped") &&
    pane.kind !== "column"
  );
}
