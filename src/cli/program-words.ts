import { UsageError } from "./usage-error.js";

/** A command line cut at its first `--`: our own words, and those of the user's program (null without a `--`). */
export interface CommandLine {
  readonly own: readonly string[];
  readonly program: readonly string[] | null;
}

/**
 * Cuts a command line before anybody parses it: a parser would take `1e3` among the program's words for a number.
 *
 * Errors: a UsageError for a `--` with nothing after it.
 */
export function cutCommandLine(words: readonly string[]): CommandLine {
  const cut = words.indexOf("--");
  if (cut === -1) return { own: words, program: null };
  const program = words.slice(cut + 1);
  if (program.length === 0) throw new UsageError("there is no program after --");
  return { own: words.slice(0, cut), program };
}
