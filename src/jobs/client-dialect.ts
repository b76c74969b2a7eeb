import { closeSync, openSync, readSync } from "node:fs";
import { basename, extname } from "node:path";
import type { Program } from "./program.js";

/** The SDKs whose programs we start. */
export const clientSdks = ["python", "go", "java"] as const;
export type ClientSdk = (typeof clientSdks)[number];

/** How an SDK's program is told where to submit its pipeline. */
export interface ClientDialect {
  /** Arguments that are appended to the program's own, where the last one wins. */
  readonly argumentsFor: (endpoint: string) => readonly string[];
  /** What the option for the endpoint is called: a program that refuses it takes none of Beam's. */
  readonly endpointOption: string;
  /** Whether its client dials Unix sockets by `unix:` and a path. */
  readonly dialsSockets: boolean;
}

/** Every dialect. The Go client's runner `universal` is that of `portable`, without its list of tests to skip. */
export const clientDialects = {
  python: {
    argumentsFor: (endpoint) => ["--runner=PortableRunner", `--job_endpoint=${endpoint}`],
    endpointOption: "--job_endpoint",
    dialsSockets: true,
  },
  go: {
    argumentsFor: (endpoint) => ["--runner=universal", `--endpoint=${endpoint}`],
    endpointOption: "-endpoint",
    dialsSockets: false,
  },
  java: {
    argumentsFor: (endpoint) => ["--runner=PortableRunner", `--jobEndpoint=${endpoint}`],
    endpointOption: "jobEndpoint",
    dialsSockets: false,
  },
} as const satisfies Record<ClientSdk, ClientDialect>;

/** The section of build information that Go puts into every program. */
const goBuildInformation = Buffer.from("\xff Go buildinf:", "latin1");

/** How much of a program's file is looked through for it: programs of Beam's Go SDK have it after 100 MB. */
const headSize = 512 * 2 ** 20;

/**
 * The SDK of a program, by its name: `java` and jars are Java's, `go run` is Go's, and a program that Go has built
 * says so in its file. Everything else is taken for Python's.
 */
export function detectSdk({ executable }: Program): ClientSdk {
  const name = basename(executable, ".exe");
  if (/^java$/.test(name) || extname(executable) === ".jar") return "java";
  if (name === "go") return "go";
  if (/python/.test(name)) return "python";
  return holdsGoBuildInformation(executable) ? "go" : "python";
}

function holdsGoBuildInformation(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    // A command on the PATH, or none at all: starting it will tell.
    return false;
  }
  try {
    const chunk = Buffer.alloc(2 ** 20);
    let kept = 0;
    for (let position = 0; position < headSize; ) {
      const length = readSync(file, chunk, kept, chunk.length - kept, position);
      if (length === 0) return false;
      const filled = chunk.subarray(0, kept + length);
      if (filled.includes(goBuildInformation)) return true;
      // What is looked for may lie across two chunks.
      kept = Math.min(goBuildInformation.length - 1, filled.length);
      filled.copy(chunk, 0, filled.length - kept);
      position += length;
    }
    return false;
  } finally {
    closeSync(file);
  }
}
