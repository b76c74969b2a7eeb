import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { escapeText, formatDiagnostic } from "../diagnostics/format.js";

/**
 * Most bytes of a refusal as it travels. gRPC sends it in a header, percent-encoded, and clients take 8 KiB of
 * headers in all.
 */
const refusalBytes = 6_000;

/**
 * All of a refused pipeline's diagnostics as one text that reaches every client: in full while there is room, then
 * a line for each, then how many more there are. Errors come first.
 */
export function formatRefusal(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const sorted = [...errors, ...diagnostics.filter(({ severity }) => severity !== "error")];
  const head = "the pipeline was not taken:\n";
  const full = fill(sorted.map(formatDiagnostic), refusalBytes - measure(head), 0.7);
  const text = head + full.text;
  const rest = sorted.slice(full.count);
  const short = fill(rest.map(formatLine), refusalBytes - measure(text), 0.9);
  const left = rest.length - short.count;
  const end = left > 0 ? `… and ${left} more, which the service's own output has\n` : "";
  return (text + short.text + end).trimEnd();
}

/** As many pieces as fit, or all; `share` of the room is for pieces that do not all fit. */
function fill(
  pieces: readonly string[],
  room: number,
  share: number,
): { readonly text: string; readonly count: number } {
  const all = pieces.join("");
  if (measure(all) <= room) return { text: all, count: pieces.length };
  let text = "";
  let count = 0;
  for (const piece of pieces) {
    if (measure(text + piece) > room * share) break;
    text += piece;
    count++;
  }
  return { text, count };
}

function formatLine({ severity, code, at }: Diagnostic): string {
  const place = at.transform ?? at.id ?? at.path;
  return `${severity} ${code}${place === undefined ? "" : `  at ${escapeText(place.slice(0, 80))}`}\n`;
}

function measure(text: string): number {
  return encodeURI(text).length;
}
