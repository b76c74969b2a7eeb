/** How serious a diagnostic is: an error refuses the pipeline, a warning is shown and nothing more. */
export type Severity = "error" | "warning";

/** The place in the pipeline (or outside it) that a diagnostic is about. Every part may be missing. */
export interface Place {
  /** The transform's unique name, as its author wrote it. */
  readonly transform?: string;
  /** The component's id in the pipeline proto. */
  readonly id?: string;
  /** The field below that component, such as `payload.state_specs["seen"]`, or a file's name. */
  readonly path?: string;
}

/** One problem, or one thing worth knowing, for the user. Strings are as they came: escaping is the printer's. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly at: Place;
  /** What is wrong, one sentence without a full stop. */
  readonly why: string;
  /** What the user can do about it; undefined where there is nothing to do. */
  readonly hint: string | undefined;
}

/** A value with its warnings, or all the reasons why there is none (errors and warnings, as they were found). */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };
