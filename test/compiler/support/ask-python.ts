import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { projectPython } from "../../protos/project-python.js";

/** Asks `python_code.py`: the values of literals, the kinds of all syntax nodes of programs, or what they do. */
export function askPython<Answer>(ask: "literals" | "shapes" | "deeds", about: readonly string[]): Answer {
  const program = fileURLToPath(new URL("../python_code.py", import.meta.url));
  const input = JSON.stringify({ ask, about });
  const answer = execFileSync(projectPython(), [program], { input, maxBuffer: 256 * 1024 * 1024 });
  return JSON.parse(answer.toString()) as Answer;
}

/** Runs ruff with the settings of an emitted project. @returns what it printed if it was not content, else "" */
export function runRuff(command: "check" | "format", files: readonly string[]): string {
  const words = command === "format" ? ["format", "--diff"] : ["check", "--output-format=concise"];
  // In a project the runtime lies beside job.py, which is how the linter knows that it is not a package.
  const runtime = 'lint.isort.known-first-party = ["beam2spark_runtime"]';
  const { status, stdout, stderr } = spawnSync(
    projectPython(),
    [
      "-m",
      "ruff",
      ...words,
      "--isolated",
      "--config",
      "line-length=100",
      "--config",
      runtime,
      "--no-cache",
      ...files,
    ],
    { encoding: "utf8" },
  );
  return status === 0 ? "" : `${stdout}${stderr}`;
}

/** Python code as the formatter lays it out. */
export function formatPython(code: string): string {
  return execFileSync(
    projectPython(),
    ["-m", "ruff", "format", "--isolated", "--config", "line-length=100", "--stdin-filename", "job.py", "-"],
    { input: code, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
}
