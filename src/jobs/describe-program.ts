import { basename, dirname, extname, resolve } from "node:path";
import type { Program } from "./program.js";

/** What a program is called, and where its own modules are. */
export interface ProgramFacts {
  /** A name for its pipeline: the script's or the module's. */
  readonly name: string;
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
  if (!/python/.test(basename(executable))) return describeScript(executable, folder);
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "-m")
      return { name: (words[index + 1] ?? "").split(".").at(-1) || "pipeline", moduleFolder: folder };
    if (word === "-c" || word === "-") break;
    if (withValue.has(word)) index++;
    else if (!word.startsWith("-")) return describeScript(word, folder);
  }
  return { name: "pipeline", moduleFolder: folder };
}

function describeScript(script: string, folder: string): ProgramFacts {
  return { name: basename(script, extname(script)), moduleFolder: dirname(resolve(folder, script)) };
}
