import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { installCommand } from "../../src/machine/install-command.mjs";
import { buildFolder, root } from "../paths.mjs";
import { MissingTools } from "../setup/missing-tools.mjs";
import { runStep } from "../setup/run-step.mjs";

const pom = join(root, "scripts", "scala", "pom.xml");
const copyDependencies = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

function findMaven() {
  const names = process.platform === "win32" ? ["mvn.cmd"] : ["mvn"];
  const folders = (process.env.PATH ?? "").split(process.platform === "win32" ? ";" : ":");
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

function chooseFolder() {
  const digest = createHash("sha256").update(readFileSync(pom)).digest("hex").slice(0, 16);
  return join(buildFolder, `scala-tools-${digest}`);
}

/** What is in the way of bringing the Scala tools: nothing where they are there, or where Maven can fetch them. */
export function checkScalaTools() {
  if (existsSync(chooseFolder()) || findMaven() !== undefined) return [];
  const what = "Maven 3.8 or newer, which brings what the Scala sources are tested with";
  return [{ what, why: "there is no mvn in the PATH", install: installCommand("maven") }];
}

/**
 * Brings what the Scala sources are tested and laid out with, unless it is there, by Maven.
 *
 * Out: the folder with the jars. Errors: `MissingTools` where there is no Maven.
 */
export function installScalaTools() {
  const folder = chooseFolder();
  if (existsSync(folder)) return folder;
  const problems = checkScalaTools();
  if (problems.length > 0) throw new MissingTools(problems);
  const making = `${folder}.${process.pid}`;
  const words = ["-B", "-q", "-f", pom, copyDependencies, `-DoutputDirectory=${making}`];
  runStep("Scala tools (a minute the first time)", findMaven(), words);
  rmSync(folder, { recursive: true, force: true });
  renameSync(making, folder);
  return folder;
}
