import { buildProject } from "../scala/build-project.js";
import type { ApplicationRequest, PreparedApplication } from "./application.js";

/** The class of every Scala project that is run. */
const jobClass = "Job";

/** Makes a Scala project's application: builds it. Errors: those of `buildProject`. */
export async function prepareScalaApplication(request: ApplicationRequest): Promise<PreparedApplication> {
  const { projectDirectory, environment, workFolder, logFile } = request;
  const { javaHome, sparkHome, sparkVersion } = request.found;
  const built = await buildProject(projectDirectory, {
    ...{ environment, workFolder, logFile, javaHome, sparkHome, sparkVersion },
  });
  if (!built.ok) return built;
  const { jar, jars } = built.value;
  return {
    ok: true,
    value: {
      words: ["--class", jobClass],
      lists: { jars: jars.length === 0 ? null : jars.join(",") },
      file: jar,
      arguments: ["--project", projectDirectory],
      modules: [],
    },
  };
}
