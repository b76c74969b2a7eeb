import { createCollector } from "../diagnostics/collector.js";
import { diagnose } from "../diagnostics/diagnose.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { choosePython } from "../machine/choose-python.js";
import { findJava } from "../machine/find-java.mjs";
import { installCommand } from "../machine/install-command.mjs";
import { checkVersions } from "./check-versions.js";
import type { LaunchPlan } from "./launch-plan.js";
import { type PythonFacts, probePython } from "./probe-python.js";

/** What a job is started with: checked, and fit for its plan. */
export interface LaunchEnvironment {
  readonly python: string;
  readonly javaHome: string;
  readonly sparkHome: string;
}

/**
 * Finds Java, the user's Python and Spark, and holds their versions against the pipeline's.
 *
 * In: the Python asked for, if any; the environment's JAVA_HOME, SPARK_HOME, VIRTUAL_ENV and PATH. Errors: all
 * that is missing or does not fit, at once.
 */
export async function checkLaunchEnvironment(
  plan: LaunchPlan,
  asked: string | undefined,
  environment: NodeJS.ProcessEnv,
  projectFolders: readonly string[],
): Promise<Result<LaunchEnvironment>> {
  const collector = createCollector();
  const java = findJava(environment);
  if (!java.ok) {
    collector.report("launch/java-missing", {}, { reason: java.why, install: installCommand("java") });
  }
  const chosen = choosePython({ asked, environment, projectFolders });
  if (!chosen.ok) {
    collector.add([diagnose("launch/python-missing", {}, { looked: chosen.looked })]);
    return collector.finish(unreachable);
  }
  const place = { path: chosen.python };
  let facts: PythonFacts;
  try {
    facts = await probePython(chosen.python, environment);
  } catch (error) {
    collector.report("launch/python-unusable", place, { reason: (error as Error).message });
    return collector.finish(unreachable);
  }
  const givenSparkHome = environment.SPARK_HOME || undefined;
  checkVersions(facts, plan, place, givenSparkHome, collector);
  const sparkHome = givenSparkHome ?? facts.sparkHome;
  if (!java.ok || sparkHome === null) return collector.finish(unreachable);
  return collector.finish(() => ({ python: chosen.python, javaHome: java.home, sparkHome }));
}

function unreachable(): never {
  throw new Error("a value was asked for after an error had been reported");
}
