import { buildProject } from "../../src/scala/build-project.js";

/**
 * Builds a project as the launcher does, to be timed as a process of its own: the arguments are the project, a folder for
 * what is made, the log file, the folders of Java and Spark, and Spark's version.
 */
const [projectDirectory, workFolder, logFile, javaHome, sparkHome, sparkVersion] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const built = await buildProject(projectDirectory, {
  ...{ workFolder, logFile, javaHome, sparkHome, sparkVersion },
  environment: process.env,
});
if (!built.ok) throw new Error(JSON.stringify(built.diagnostics, null, 2));
process.stdout.write(`${[built.value.jar, ...built.value.jars].join("\n")}\n`);
