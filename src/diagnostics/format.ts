import { shorten } from "./diagnose.js";
import type { Diagnostic, Place } from "./diagnostic.js";

/** Names and paths longer than this are cut. */
const placeLength = 160;
/** Diagnostics of one code that are printed in full; of the rest only the number. */
const shownPerCode = 50;

/**
 * The text form: per diagnostic a line `severity code`, then indented `at`, `why` and `hint`; one empty line
 * between two. Control characters, line separators and text-direction marks from the pipeline are escaped, so
 * that a transform's name can't forge a line or drive a terminal. Ends with a newline unless the list is empty.
 */
export function formatDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const counts = new Map<string, number>();
  const blocks: string[] = [];
  for (const diagnostic of diagnostics) {
    const count = (counts.get(diagnostic.code) ?? 0) + 1;
    counts.set(diagnostic.code, count);
    if (count <= shownPerCode) blocks.push(formatDiagnostic(diagnostic));
  }
  for (const [code, count] of counts) {
    if (count > shownPerCode) blocks.push(`… and ${count - shownPerCode} more ${code}\n`);
  }
  return blocks.join("\n");
}

/** The text form of one diagnostic, its last line ended. */
export function formatDiagnostic({ severity, code, at, why, hint }: Diagnostic): string {
  const lines = [`${severity} ${code}`];
  const place = formatPlace(at);
  if (place !== "") lines.push(`  at   ${place}`);
  lines.push(`  why  ${escapeText(why)}`);
  if (hint !== undefined) lines.push(`  hint ${escapeText(hint)}`);
  return `${lines.join("\n")}\n`;
}

/** The JSON form: `{"diagnostics": [...]}`, the values as they are, absent parts left out. */
export function formatDiagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  return `${JSON.stringify({ diagnostics }, null, 2)}\n`;
}

/** Replaces what a terminal or a reader could take for structure: C0, C1, separators, direction marks, lone surrogates. */
export function escapeText(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => namedEscapes.get(character) ?? `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

const namedEscapes: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function formatPlace({ transform, id, path }: Place): string {
  const parts: string[] = [];
  if (transform !== undefined) parts.push(show(transform));
  if (id !== undefined) parts.push(`(${show(id)})`);
  if (path !== undefined) parts.push(show(path));
  return parts.join("  ");
}

function show(text: string): string {
  return escapeText(shorten(text, placeLength));
}
