import { type Code, catalogue, type ParametersOf } from "./catalogue.js";
import type { CodeDefinition, Parameters } from "./define-code.js";
import type { Diagnostic, Place } from "./diagnostic.js";

/** Longer strings from the pipeline are cut in the middle of a sentence, so that the sentence stays one. */
const parameterLength = 200;
/** Lists from the pipeline are shown up to here. */
const listLength = 8;

/** Makes the diagnostic of a code: its severity and sentences from the catalogue, its place from the caller. */
export function diagnose<C extends Code>(code: C, at: Place, parameters: ParametersOf<C>): Diagnostic {
  const definition = catalogue[code] as unknown as CodeDefinition<Parameters>;
  const cut = cutParameters(parameters);
  return {
    code,
    severity: definition.severity,
    at,
    why: definition.why(cut),
    hint: definition.hint?.(cut),
  };
}

/** Cuts `text` to `length` characters, the last one an ellipsis where something is missing. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function cutParameters(parameters: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      if (typeof value === "string") return [name, shorten(value, parameterLength)];
      if (typeof value !== "object") return [name, value];
      const shown = value.slice(0, listLength).map((item) => shorten(item, parameterLength));
      return [name, value.length > listLength ? [...shown, `… (${value.length - listLength} more)`] : shown];
    }),
  );
}
