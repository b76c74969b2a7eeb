import { execFileSync } from "node:child_process";
import { projectPython } from "../protos/project-python.js";

/** The Spark of this repository's own Python. */
export function projectSpark(): string {
  const question = "import os, pyspark; print(os.path.dirname(pyspark.__file__))";
  return execFileSync(projectPython(), ["-c", question], { encoding: "utf8" }).trim();
}
