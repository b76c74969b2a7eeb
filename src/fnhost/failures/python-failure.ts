import type { FunctionFailure } from "./function-failure.js";

const header = "Traceback (most recent call last):";

/** What Python writes between an error and the one that it was raised in. */
const chained = /^(?:The above exception was the direct cause|During handling of the above exception)/;

/** Where Beam's runners and this project call functions: no user looks for an error there. */
const machinery = /[/\\"](?:beam2spark_runtime|apache_beam[/\\]runners)[/\\](?!.*_test\.py")/;

/** Beam writes the transform into what it raises. */
const running = /\s*\[while running '([\s\S]*?)'\]/;

interface Part {
  /** The lines of each frame: where it is, and the code there. */
  readonly frames: string[][];
  /** The error itself, and what is said before the next traceback. */
  readonly rest: string[];
}

/** Reads the text of a Python traceback; null where it is none. */
export function readPythonFailure(text: string): FunctionFailure | null {
  const parts = partsOf(text.split("\n"));
  const last = parts.at(-1);
  if (last === undefined) return null;
  const error = last.rest.join("\n").trim();
  const transform = running.exec(error)?.[1] ?? "";
  const told = parts.filter((part, index) => !isRepeated(part, parts[index + 1]));
  return {
    message: nameShortly(error.replace(running, "")),
    transform,
    trace: told.map(writePart).join("\n\n"),
  };
}

function partsOf(lines: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  let isInFrames = false;
  let mayBegin = true;
  for (const line of lines) {
    if (mayBegin && line === header) {
      parts.push({ frames: [], rest: [] });
      isInFrames = true;
      mayBegin = false;
      continue;
    }
    const part = parts.at(-1);
    if (part === undefined) continue;
    if (isInFrames && line.startsWith("  File ")) part.frames.push([line]);
    else if (isInFrames && line.startsWith("  ")) part.frames.at(-1)?.push(line);
    else {
      isInFrames = false;
      part.rest.push(line);
      // An error's own text may quote a traceback.
      mayBegin ||= chained.test(line);
    }
  }
  return parts;
}

/** Beam raises an error again, with the transform in its text: then it is told once. */
function isRepeated(part: Part, next: Part | undefined): boolean {
  if (next === undefined || userLines(part).join("\n") !== userLines(next).join("\n")) return false;
  const end = part.rest.findIndex((line) => chained.test(line));
  const error = part.rest.slice(0, end).join("\n").trim();
  return error === next.rest.join("\n").trim().replace(running, "");
}

function writePart(part: Part): string {
  return [header, ...userLines(part), ...part.rest].join("\n").trimEnd();
}

/** The frames from where a user's function was called. */
function userLines({ frames }: Part): readonly string[] {
  const called = frames.findLastIndex(
    ([where], index) => index < frames.length - 1 && machinery.test(where!),
  );
  return frames.slice(called + 1).flat();
}

/** An error's class without its module, as in process. */
function nameShortly(error: string): string {
  const [first = ""] = error.split("\n", 1);
  const name = /^[\w.<>]+(?=:|$)/.exec(first)?.[0];
  return name === undefined ? error : name.slice(name.lastIndexOf(".") + 1) + error.slice(name.length);
}
