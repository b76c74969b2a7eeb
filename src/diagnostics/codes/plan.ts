import { error } from "../define-code.js";

/** What planning refuses: things that Beam allows and that can't be translated (yet, or ever). */
export const planCodes = {
  "plan/transform-unsupported": error<{ urn: string }>({
    why: ({ urn }) => `no translation is known for ${urn}, and it has no parts to translate instead`,
    hint: "rebuild the pipeline without this transform, or run it on another runner",
  }),
};
