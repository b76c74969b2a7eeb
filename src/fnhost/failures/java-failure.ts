import type { FunctionFailure } from "./function-failure.js";

const frame = /^\s+at [\w.$/@<>-]+\(/;
const causedBy = "Caused by: ";

/** Wrappers that say nothing of their own. */
const wrapper = /^org\.apache\.beam\.sdk\.util\.UserCodeException: /;

/** Where Java's SDK calls functions. */
const machinery = /^\s+at (?:[\w.]+\/)?org\.apache\.beam\.|\$DoFnInvoker\./;

/** Reads a Java stack trace: what counts is its last cause. Null where the text is none. */
export function readJavaFailure(text: string): FunctionFailure | null {
  const lines = text.split("\n");
  if (!lines.some((line) => frame.test(line))) return null;
  const starts = [0, ...lines.flatMap((line, index) => (line.startsWith(causedBy) ? [index] : []))];
  const start = starts.at(-1)!;
  const first = lines.findIndex((line, index) => index >= start && frame.test(line));
  const message = lines.slice(start, first).join("\n").replace(causedBy, "").replace(wrapper, "").trim();
  const frames = lines.slice(first).filter((line) => frame.test(line));
  const called = frames.findIndex((line) => machinery.test(line));
  const own = called <= 0 ? frames : frames.slice(0, called);
  return { message, transform: "", trace: [message, ...own].join("\n") };
}
