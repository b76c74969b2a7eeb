import { combinePerKey } from "./combine-per-key.js";
import { combinePhase } from "./combine-phase.js";
import { flatten } from "./flatten.js";
import { groupByKey } from "./group-by-key.js";
import { impulse } from "./impulse.js";
import { parDo } from "./par-do.js";
import { read } from "./read.js";
import { readByBeam } from "./read-by-beam.js";
import { readParquet } from "./read-parquet.js";
import { reshuffle } from "./reshuffle.js";
import type { Translator } from "./translator.js";
import { windowInto } from "./window-into.js";

/** Every translator. A URN stands in one of them at most. */
export const translators: readonly Translator[] = [
  impulse,
  read,
  readByBeam,
  readParquet,
  parDo,
  windowInto,
  flatten,
  groupByKey,
  combinePerKey,
  combinePhase,
  reshuffle,
];
