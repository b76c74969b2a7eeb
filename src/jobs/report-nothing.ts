import type { Collector } from "../diagnostics/collector.js";
import type { Place } from "../diagnostics/diagnostic.js";
import { type ClientSdk, clientDialects } from "./client-dialect.js";
import type { Program, ProgramEnd } from "./program.js";

/** What each client says of options that a program doesn't have. */
const refusals: Readonly<Record<ClientSdk, RegExp>> = {
  python: /unrecognized arguments: (.*)/,
  go: /flag provided but not defined: (.*)/,
  java: /Class interface .* missing a property named '(.*?)'/,
};

/** Reports why a program has handed over no pipeline at all. */
export function reportNothing(
  end: ProgramEnd,
  { program, sdk }: { readonly program: Program; readonly sdk: ClientSdk },
  place: Place,
  { report }: Collector,
): void {
  const refused = refusals[sdk].exec(end.errorTail)?.[1];
  if (end.startError !== null) {
    report("capture/program-not-found", place, { program: program.executable, reason: end.startError });
  } else if (end.status !== 0 && refused?.includes(clientDialects[sdk].endpointOption)) {
    report("capture/arguments-refused", place, { arguments: refused, sdk });
  } else if (/No module named '?apache_beam'?$/m.test(end.errorTail)) {
    report("capture/package-missing", place, {});
  } else if (end.status !== 0) {
    report("capture/program-failed", place, { status: describeEnd(end) });
  } else {
    report("capture/no-pipeline", place, {});
  }
}

/** A program's end in words. */
export function describeEnd({ status, signal }: ProgramEnd): string {
  return signal === null ? `status ${status}` : `signal ${signal}`;
}
