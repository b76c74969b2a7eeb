import type { FunctionFailure } from "./function-failure.js";

/** How Go's harness begins what it says of a bundle. */
const prefix =
  /^(?:process bundle failed (?:at checkpointing )?for instruction \S+ using plan \S+ : |ProcessBundle failed: )/;

/** Go's SDK says what went wrong, then all that it knows of where. */
const details = "\nFull error:\n";

/** Which function it was: its unit, transform and name. */
const failed = /DoFn\[UID:[^,\]]*, PID:([^,\]]*), Name: [^\]]*\] failed:\n/;

/** A panic has the stacks of its goroutine behind it. */
const panic = /panic: ([\s\S]*?) (goroutine \d+ \[[^\]]*\]:\n[\s\S]*)/;

/** Where Go's runtime and the SDK call functions. */
const machinery = /^(?:reflect\.|runtime\.|runtime\/debug\.|panic\(|github\.com\/apache\/beam\/sdks\/)/;

/** Reads what Go's SDK says; null where it is nothing of Go's. */
export function readGoFailure(text: string): FunctionFailure | null {
  if (!prefix.test(text)) return null;
  const body = text.replace(prefix, "");
  const cut = body.indexOf(details);
  const top = cut === -1 ? body : body.slice(0, cut);
  const [, said, stack] = panic.exec(body) ?? [];
  // A panic's text comes twice, the second time with its stack.
  const message = said === undefined ? top.replace(failed, "") : `panic: ${said.split(details)[0]}`;
  const transform = failed.exec(body)?.[1] ?? "";
  return { message: message.trim(), transform, trace: stack === undefined ? "" : userFrames(stack) };
}

/** The frames from the function that panicked to where the SDK has called it; each is two lines. */
function userFrames(stack: string): string {
  const lines = stack.split("\n");
  const frames: string[] = [];
  for (let index = 1; index + 1 < lines.length; index += 2) {
    if (machinery.test(lines[index]!)) {
      if (frames.length > 0) break;
      continue;
    }
    frames.push(lines[index]!, lines[index + 1]!);
  }
  return frames.join("\n");
}
