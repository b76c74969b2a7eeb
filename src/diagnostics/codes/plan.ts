import { error } from "../define-code.js";

/** What planning refuses: things that Beam allows and that can't be translated (yet, or ever). */
export const planCodes = {
  "plan/transform-unsupported": error<{ urn: string }>({
    why: ({ urn }) => `no translation is known for ${urn}, and it has no parts to translate instead`,
    hint: "rebuild the pipeline without this transform, or run it on another runner",
  }),
  "plan/transform-malformed": error<{ urn: string; problem: string }>({
    why: ({ urn, problem }) => `it is no ${urn} as the Beam model has it: ${problem}`,
    hint: "submit the pipeline again with the SDK that made it",
  }),
  "plan/pardo-feature-unsupported": error<{ feature: string }>({
    why: ({ feature }) => `it is ${feature}, which has no meaning: one element has many restrictions`,
    hint: "keep the state in a function of its own, behind this one",
  }),
  "plan/side-input-unsupported": error<{ accessPattern: string }>({
    why: ({ accessPattern }) => `the access pattern ${accessPattern} of this side input is unknown`,
    hint: "side inputs are read as an iterable or as a multimap",
  }),
  "plan/streaming-unsupported": error<{ pcollection: string }>({
    why: ({ pcollection }) =>
      `it makes ${pcollection}, which is unbounded, and streaming is not supported yet`,
    hint: "bound the source, for example with max_num_records or a time limit, to run in batch",
  }),
  "plan/environment-unsupported": error<{ environment: string }>({
    why: ({ environment }) =>
      `its functions are those of ${environment}, which Spark's Python workers can't run`,
    hint: "let them run in workers of their SDK: leave out --lane in-process; a function that names no environment can't run anywhere",
  }),
  "plan/schema-transform-unsupported": error<{ identifier: string; environment: string }>({
    why: ({ identifier, environment }) =>
      `it is the schema transform ${identifier}, whose functions are those of ${environment}, which Spark's Python workers can't run`,
    hint: "let them run in workers of their SDK: leave out --lane in-process",
  }),
  "plan/artifact-clash": error<{ name: string }>({
    why: ({ name }) =>
      `two environments stage different files under the name ${name}, and all of them would run in one worker`,
    hint: "stage the same file in both environments, or give them different names",
  }),
  "plan/not-on-target": error<{ target: string; reason: string; steps: number }>({
    why: ({ target, reason, steps }) =>
      `--target ${target} has no way to do it${steps === 1 ? "" : `, and ${steps - 1} more of the same kind`}: ${reason}`,
    hint: "leave out --lane in-process, so that functions run in workers of their SDK, or use --target pyspark",
  }),
  "plan/not-native": error<{ lane: string; reason: string }>({
    why: ({ lane, reason }) => `it runs ${lane}, not natively: ${reason}`,
    hint: "leave out --fail-on-fallback to run it so",
  }),
};
