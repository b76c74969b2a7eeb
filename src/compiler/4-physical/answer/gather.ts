import type { Location, PhysicalBuilder } from "../physical-builder.js";
import { stageFileName } from "../stage-file-name.js";

/**
 * The rows of a PCollection, one per element. The output of a group-by-key is left as sorted pairs for the one stage
 * that streams its groups; anybody else gets each group stored whole, made once by a stage without functions.
 */
export function readable(pcollection: string, builder: PhysicalBuilder): Location {
  const location = builder.locationOf(pcollection);
  if (!location.grouped) return location;
  const name = builder.nameOf(pcollection);
  const layout = builder.layoutOf(pcollection);
  const id = builder.add(`gather ${name.split("/").at(-2) ?? name}`, (variable, number) => ({
    kind: "stage",
    names: [name],
    level: "beam:transform:group_by_key:v1",
    lane: "in-process",
    reason: "groups are stored whole, because more than one function stage reads them",
    api: "DataFrame.mapInArrow",
    stage: stageFileName(number, variable),
    input: location.from,
    inputPCollection: pcollection,
    inputLayout: location.layout,
    grouped: true,
    transforms: [],
    sideInputs: [],
    outputs: [{ pcollection, name, layout, combine: null }],
  }));
  const whole: Location = { from: { node: id, output: 0 }, layout, pcollection, grouped: false };
  builder.locate(pcollection, whole);
  return whole;
}
