import { captureCodes } from "./codes/capture.js";
import { launchCodes } from "./codes/launch.js";
import { planCodes } from "./codes/plan.js";
import { readCodes } from "./codes/read.js";
import { serveCodes } from "./codes/serve.js";
import { workerCodes } from "./codes/worker.js";
import { writeCodes } from "./codes/write.js";
import type { CodeDefinition } from "./define-code.js";

/**
 * Every code that beam2spark can report. A new one is one entry in the file of its phase (`codes/`), and a
 * fixture in `fixtures/rejected/` whose folder is the code with `/` written `-`.
 */
export const catalogue = {
  ...readCodes,
  ...planCodes,
  ...captureCodes,
  ...launchCodes,
  ...serveCodes,
  ...workerCodes,
  ...writeCodes,
};

/** A code of the catalogue. */
export type Code = keyof typeof catalogue;

/** What must be given to report `C`. */
export type ParametersOf<C extends Code> = (typeof catalogue)[C] extends CodeDefinition<infer P> ? P : never;

/** All codes, in the catalogue's order. */
export const codes = Object.keys(catalogue) as readonly Code[];
