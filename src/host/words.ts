import { parseArgs } from "node:util";

/** What a host is started with. */
export interface HostWords {
  /** Where Spark's tasks reach it: `unix:PATH`, or `HOST:PORT`, where port 0 is any that is free. */
  readonly listen: string;
  /** The process with which it ends, or null. */
  readonly owner: number | null;
  /** It ends after so many seconds without a task; 0 for never. */
  readonly idleSeconds: number;
}

/** Reads the words of a host's command line. Errors: an Error that says what is wrong with them. */
export function readHostWords(words: readonly string[]): HostWords {
  const { values } = parseArgs({
    args: [...words],
    options: {
      listen: { type: "string" },
      owner: { type: "string" },
      "idle-seconds": { type: "string", default: "0" },
    },
  });
  if (values.listen === undefined) throw new Error("--listen is missing: unix:PATH or HOST:PORT");
  return {
    listen: values.listen,
    owner: values.owner === undefined ? null : readNumber("owner", values.owner),
    idleSeconds: readNumber("idle-seconds", values["idle-seconds"]),
  };
}

function readNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} is no number: ${text}`);
  return Number(text);
}
