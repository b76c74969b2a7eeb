import type { Layout } from "../layout.js";
import type { Location, PhysicalBuilder } from "../physical-builder.js";
import { readable } from "./gather.js";
import { relay } from "./relay.js";

/**
 * The rows of a PCollection in a given layout: as they are where their values lie so already, else through a stage
 * without functions that reads one layout and writes the other.
 */
export function inLayout(pcollection: string, wanted: Layout, builder: PhysicalBuilder): Location {
  const location = readable(pcollection, builder);
  const sameValues = JSON.stringify(location.layout.value) === JSON.stringify(wanted.value);
  if (sameValues && !needsFunctions(location.layout, wanted)) return location;
  const described = {
    title: `transcode ${builder.nameOf(pcollection).split("/").at(-1)}`,
    level: "coder",
    reason: sameValues
      ? "its reader wants timestamps: the windows are decoded for their ends"
      : "its reader wants another coder: the values are decoded and encoded again",
  };
  return relay(pcollection, location, wanted, described, builder);
}

/** Only the window's own class knows the end of a window that is kept in its coder's bytes. */
function needsFunctions(from: Layout, to: Layout): boolean {
  return (
    from.window.kind === "encoded" &&
    from.timestamp.kind === "end-of-window" &&
    to.timestamp.kind === "column"
  );
}
