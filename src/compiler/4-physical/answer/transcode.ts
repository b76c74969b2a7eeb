import type { Layout } from "../layout.js";
import type { Location, PhysicalBuilder } from "../physical-builder.js";
import { stageFileName } from "../stage-file-name.js";
import { readable } from "./gather.js";

/**
 * The rows of a PCollection in a given layout: as they are where their values lie so already, else through a stage
 * without functions that reads one layout and writes the other.
 */
export function inLayout(pcollection: string, wanted: Layout, builder: PhysicalBuilder): Location {
  const location = readable(pcollection, builder);
  if (JSON.stringify(location.layout.value) === JSON.stringify(wanted.value)) return location;
  const name = builder.nameOf(pcollection);
  const id = builder.add(`transcode ${name.split("/").at(-1)}`, (variable, number) => ({
    kind: "stage",
    names: [name],
    level: "coder",
    lane: "in-process",
    reason: "its reader wants another coder: the values are decoded and encoded again",
    api: "DataFrame.mapInArrow",
    stage: stageFileName(number, variable),
    input: location.from,
    inputPCollection: pcollection,
    inputLayout: location.layout,
    grouped: false,
    transforms: [],
    sideInputs: [],
    outputs: [{ pcollection, name, layout: wanted, combine: null }],
  }));
  return { from: { node: id, output: 0 }, layout: wanted, pcollection, grouped: false };
}
