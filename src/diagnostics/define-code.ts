import type { Severity } from "./diagnostic.js";

/** What a code's sentences are made of. Strings may come from the pipeline: `diagnose` cuts them. */
export type Parameters = Readonly<Record<string, string | number | bigint | boolean | readonly string[]>>;

/** One entry of the catalogue: how the parameters of a code become its sentences. */
export interface CodeDefinition<P extends Parameters> {
  readonly severity: Severity;
  readonly why: (parameters: P) => string;
  readonly hint: ((parameters: P) => string) | undefined;
}

interface Sentences<P extends Parameters> {
  readonly why: string | ((parameters: P) => string);
  readonly hint?: string | ((parameters: P) => string);
}

/** Defines a code that refuses the pipeline. `P` names what must be given to report it. */
export function error<P extends Parameters = Record<never, never>>(
  sentences: Sentences<P>,
): CodeDefinition<P> {
  return define("error", sentences);
}

/** Defines a code that is shown and refuses nothing. */
export function warning<P extends Parameters = Record<never, never>>(
  sentences: Sentences<P>,
): CodeDefinition<P> {
  return define("warning", sentences);
}

function define<P extends Parameters>(severity: Severity, { why, hint }: Sentences<P>): CodeDefinition<P> {
  return {
    severity,
    why: typeof why === "string" ? () => why : why,
    hint: typeof hint === "string" ? () => hint : hint,
  };
}
