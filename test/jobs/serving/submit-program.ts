import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { projectPython } from "../../protos/project-python.js";

const program = fileURLToPath(new URL("submit.py", import.meta.url));

/** What became of a pipeline that `submit.py` submitted. */
export interface Outcome {
  readonly state?: string;
  readonly error?: string;
  readonly seconds: number;
  readonly messages: readonly string[];
  readonly counters: Readonly<Record<string, number>>;
  readonly lengths: readonly (readonly number[])[];
}

/** Submits with Beam's own client. In: the words of `submit.py`, and options of Beam's. */
export interface Submitter {
  /** All outcomes of words that submit more than once. */
  submitAll(words: readonly string[], options?: readonly string[]): Promise<Outcome[]>;
  submit(words: readonly string[], options?: readonly string[]): Promise<Outcome>;
}

/** What submits to a service, from a folder. */
export function createSubmitter(endpoint: string, folder: string): Submitter {
  const submitAll = (words: readonly string[], options: readonly string[] = []): Promise<Outcome[]> =>
    new Promise((resolve, reject) => {
      const all = [program, ...words, "--", `--job_endpoint=${endpoint}`, ...options];
      const child = spawn(projectPython(), all, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
      const texts = { output: "", errors: "" };
      child.stdout.on("data", (text) => {
        texts.output += text;
      });
      child.stderr.on("data", (text) => {
        texts.errors += text;
      });
      child.on("close", () => {
        const lines = texts.output.trim().split("\n");
        if (texts.output === "") reject(new Error(texts.errors));
        else resolve(lines.map((line) => JSON.parse(line) as Outcome));
      });
    });
  return {
    submitAll,
    submit: async (words, options = []) => {
      const [outcome] = await submitAll(words, options);
      if (outcome === undefined) throw new Error("no outcome");
      return outcome;
    },
  };
}
