import { parseArgs } from "node:util";

/** What a host is started with. */
export interface HostWords {
  /** Where Spark's tasks reach it: `unix:PATH`, or `HOST:PORT`, where port 0 is any that is free. */
  readonly listen: string;
  /** The process with which it ends, or null. */
  readonly owner: number | null;
  /** It ends after so many seconds without a task; 0 for never. */
  readonly idleSeconds: number;
  /** A folder that goes when it ends, or null. */
  readonly folder: string | null;
  /** Where SDK workers are listened for: a host name and a port, with the next one for data; 0 for any that are free. */
  readonly bind: Address;
  /** The name under which workers elsewhere reach that; null for the same. */
  readonly advertised: string | null;
}

/** A host name or address, and a port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Reads the words of a host's command line. Errors: an Error that says what is wrong with them. */
export function readHostWords(words: readonly string[]): HostWords {
  const { values } = parseArgs({
    args: [...words],
    options: {
      listen: { type: "string" },
      owner: { type: "string" },
      "idle-seconds": { type: "string", default: "0" },
      folder: { type: "string" },
      bind: { type: "string", default: "127.0.0.1:0" },
      advertise: { type: "string" },
    },
  });
  if (values.listen === undefined) throw new Error("--listen is missing: unix:PATH or HOST:PORT");
  return {
    listen: values.listen,
    owner: values.owner === undefined ? null : readNumber("owner", values.owner),
    idleSeconds: readNumber("idle-seconds", values["idle-seconds"]),
    folder: values.folder ?? null,
    bind: readAddress(values.bind),
    advertised: values.advertise ?? null,
  };
}

function readNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} is no number: ${text}`);
  return Number(text);
}

function readAddress(text: string): Address {
  const [, host, port] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (host === undefined) throw new Error(`--bind is no HOST:PORT: ${text}`);
  return { host, port: Number(port) };
}
