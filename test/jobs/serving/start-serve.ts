import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findPackageRoot } from "../../../src/package-root.js";
import { projectPython } from "../../protos/project-python.js";

/** `beam2spark serve` as a process of its own. */
export interface Serving {
  readonly endpoint: string;
  readonly process: ChildProcess;
  /** Everything that it has written. */
  readonly output: () => string;
  /** Its temporary folder. */
  readonly folder: string;
  /** Ends it as Ctrl-C does. Out: its exit status. */
  stop(): Promise<number | null>;
}

/** Many times what a start takes on a machine that does nothing else. */
const startMilliseconds = 150_000;

/** Starts `serve` on free ports, with `TMPDIR` as its place for temporary files, and waits until it is ready. */
export async function startServe(temporary: string, ...words: readonly string[]): Promise<Serving> {
  const executable = join(findPackageRoot(), "bin", "beam2spark.mjs");
  const ports = ["--job-port", "0", "--artifact-port", "0"];
  const spark = ["--spark-master-url", "local[2]", "--python", projectPython()];
  const child = spawn(process.execPath, [executable, "serve", ...ports, ...spark, ...words], {
    cwd: temporary,
    env: { ...process.env, TMPDIR: temporary, PYTHONPATH: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const endpoint = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => child.kill("SIGINT"), startMilliseconds);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text) => {
        output += text;
        const found = /ready for .*--job_endpoint=(\S+:\d+)/.exec(output)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      });
    }
    child.on("exit", () => {
      clearTimeout(timer);
      reject(new Error(output));
    });
  });
  const folder = readdirSync(temporary).find((name) => name.startsWith("beam2spark-serve-")) ?? "";
  return {
    endpoint,
    process: child,
    output: () => output,
    folder: join(temporary, folder),
    stop: async () => {
      if (child.exitCode !== null) return child.exitCode;
      child.kill("SIGINT");
      const [status] = await once(child, "exit");
      return status as number | null;
    },
  };
}

/** The processes that descend from one, by id, with their command lines; those that have ended are not counted. */
export function listDescendants(ancestor: number): Map<number, string> {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [state, parent] = readFileSync(`/proc/${name}/stat`, "utf8")
          .replace(/^.*\) /s, "")
          .split(" ");
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        return state === "Z" ? [] : [{ id: Number(name), parent: Number(parent), command }];
      } catch {
        return [];
      }
    });
  const found = new Map<number, string>();
  const visit = (id: number): void => {
    for (const child of processes.filter(({ parent }) => parent === id)) {
      found.set(child.id, child.command);
      visit(child.id);
    }
  };
  visit(ancestor);
  return found;
}

/** Whether a process lives. */
export function isAlive(id: number): boolean {
  if (!existsSync(`/proc/${id}`)) return false;
  return !/\) [ZX] /.test(readFileSync(`/proc/${id}/stat`, "utf8"));
}
