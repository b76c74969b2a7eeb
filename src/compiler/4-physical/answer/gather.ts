import { URN } from "../../../beam/urns.js";
import type { Location, PhysicalBuilder } from "../physical-builder.js";
import { relay } from "./relay.js";

/**
 * The rows of a PCollection, one per element. The output of a group-by-key is left as sorted pairs for the one stage
 * that streams its groups; anybody else gets each group stored whole, made once by a stage without functions.
 */
export function readable(pcollection: string, builder: PhysicalBuilder): Location {
  const location = builder.locationOf(pcollection);
  if (location.grouped === null) return location;
  const name = builder.nameOf(pcollection);
  const described = {
    title: `gather ${name.split("/").at(-2) ?? name}`,
    level: URN.groupByKey,
    reason: "groups are stored whole, because more than one function stage reads them",
  };
  const whole = relay(pcollection, location, builder.layoutOf(pcollection), described, builder);
  builder.locate(pcollection, whole);
  return whole;
}
