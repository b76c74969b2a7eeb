import { basename, dirname, extname, resolve } from "node:path";
import type { Program } from "./program.js";

/** What a program is called, and where its own modules are. */
export interface ProgramFacts {
  /** A name for its pipeline: the script's or the module's. */
  readonly name: string;
  /** Its command without its arguments, which may hold what nobody should read. */
  readonly title: string;
  /** The folder that Python puts first on its path for it. */
  readonly moduleFolder: string;
}

/** Python's options that take the next word. */
const withValue: ReadonlySet<string> = new Set(["-W", "-X", "--check-hash-based-pycs"]);

/**
 * Reads a Python command line as Python does: `python [options] script | -m module | -c program`.
 *
 * In: the program and the current folder. Any other executable is taken for a script itself.
 */
export function describeProgram({ executable, arguments: words }: Program, folder: string): ProgramFacts {
  const title = (count: number): string => [executable, ...words.slice(0, count)].join(" ");
  if (!/python/.test(basename(executable))) return { title: title(0), ...describeScript(executable, folder) };
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "-m") {
      const name = (words[index + 1] ?? "").split(".").at(-1) || "pipeline";
      return { name, title: title(index + 2), moduleFolder: folder };
    }
    if (word === "-c" || word === "-")
      return { name: "pipeline", title: title(index + 1), moduleFolder: folder };
    if (withValue.has(word)) index++;
    else if (!word.startsWith("-")) return { title: title(index + 1), ...describeScript(word, folder) };
  }
  return { name: "pipeline", title: executable, moduleFolder: folder };
}

function describeScript(script: string, folder: string): Omit<ProgramFacts, "title"> {
  return { name: basename(script, extname(script)), moduleFolder: dirname(resolve(folder, script)) };
}
