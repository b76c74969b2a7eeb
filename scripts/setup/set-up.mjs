import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { buildFolder } from "../paths.mjs";
import { checkScalaTools, installScalaTools } from "../scala/install-scala-tools.mjs";
import { checkJava } from "./check-java.mjs";
import { checkNode } from "./check-node.mjs";
import { findPython } from "./find-python.mjs";
import { installNpmPackages } from "./install-npm-packages.mjs";
import { arePythonPackagesInstalled, installPythonPackages } from "./install-python-packages.mjs";
import { MissingTools } from "./missing-tools.mjs";

/**
 * Brings everything that the project needs, and nothing outside its folder.
 *
 * In: `python`, `java` and `scala` (what Scala sources are tested with) say whether those are wanted at all. Out: nothing; `process.env.JAVA_HOME` is set for
 * the children to come. Errors: `MissingTools` with everything that has to be installed by hand, named at once.
 */
export async function setUp({
  python: wantsPython = true,
  java: wantsJava = true,
  scala: wantsScala = false,
} = {}) {
  const problems = checkNode();
  let python = null;
  if (wantsPython && !arePythonPackagesInstalled()) {
    const found = findPython();
    problems.push(...found.problems);
    python = found.python;
  }
  if (wantsJava) {
    const java = checkJava();
    problems.push(...java.problems);
    if (java.home !== null) process.env.JAVA_HOME = java.home;
  }
  if (wantsScala) problems.push(...checkScalaTools());
  if (problems.length > 0) throw new MissingTools(problems);
  if (!process.env.HOME && process.platform !== "win32") {
    process.env.HOME = join(buildFolder, "home");
    mkdirSync(process.env.HOME, { recursive: true });
  }
  installNpmPackages();
  if (python !== null) installPythonPackages(python);
  if (wantsScala) installScalaTools();
  const { build } = await import("../build.mjs");
  await build();
}
