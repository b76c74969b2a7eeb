import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { virtualPython } from "../paths.mjs";

/** The folder with the jars of `.venv`'s Spark. */
export function findSparkJars() {
  const question = "import os, pyspark; print(os.path.dirname(pyspark.__file__))";
  return join(execFileSync(virtualPython, ["-c", question], { encoding: "utf8" }).trim(), "jars");
}

/** The class path of the Scala compiler among Spark's jars. */
export function compilerClassPath(jars) {
  return readdirSync(jars)
    .filter((name) => /^scala-(compiler|library|reflect)-/.test(name))
    .map((name) => join(jars, name))
    .join(delimiter);
}
