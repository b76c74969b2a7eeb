import type { Code, ParametersOf } from "./catalogue.js";
import { diagnose } from "./diagnose.js";
import type { Diagnostic, Place, Result } from "./diagnostic.js";

/** Takes a phase's diagnostics in the order in which they are found. Passed explicitly, never ambient. */
export interface Collector {
  /** Adds the diagnostic of a code. */
  report<C extends Code>(code: C, at: Place, parameters: ParametersOf<C>): void;
  /** Adds diagnostics made elsewhere, such as those of an earlier result. */
  add(diagnostics: readonly Diagnostic[]): void;
  /** Whether an error was reported. */
  readonly failed: boolean;
  /** All so far. */
  readonly diagnostics: readonly Diagnostic[];
  /** The value with the warnings if no error was reported, else the diagnostics; `make` runs only if none was. */
  finish<T>(make: () => T): Result<T>;
}

/** A new, empty collector. */
export function createCollector(): Collector {
  const diagnostics: Diagnostic[] = [];
  let failed = false;
  const add = (more: readonly Diagnostic[]): void => {
    for (const diagnostic of more) {
      diagnostics.push(diagnostic);
      failed ||= diagnostic.severity === "error";
    }
  };
  return {
    report(code, at, parameters) {
      add([diagnose(code, at, parameters)]);
    },
    add,
    get failed() {
      return failed;
    },
    diagnostics,
    finish(make) {
      if (failed) return { ok: false, diagnostics };
      const value = make();
      return failed ? { ok: false, diagnostics } : { ok: true, value, warnings: diagnostics };
    },
  };
}
