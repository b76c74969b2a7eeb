import { createCollector } from "../diagnostics/collector.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { findJava } from "../machine/find-java.mjs";
import { installCommand } from "../machine/install-command.mjs";
import type { EnvironmentRequest, LaunchEnvironment } from "./launch-environment.js";
import type { LaunchPlan } from "./launch-plan.js";
import { findPysparkEnvironment } from "./pyspark-environment.js";
import { findScalaEnvironment } from "./scala-environment.js";

/**
 * Finds Java, the user's Python and Spark, and holds their versions against the pipeline's.
 *
 * Errors: all that is missing or does not fit, at once.
 */
export async function checkLaunchEnvironment(
  plan: LaunchPlan,
  request: EnvironmentRequest,
): Promise<Result<LaunchEnvironment>> {
  const collector = createCollector();
  const java = findJava(request.environment);
  if (!java.ok) {
    collector.report("launch/java-missing", {}, { reason: java.why, install: installCommand("java") });
  }
  const find = plan.target === "scala" ? findScalaEnvironment : findPysparkEnvironment;
  const found = await find(plan, request, collector);
  if (!java.ok || found === null || collector.failed)
    return { ok: false, diagnostics: collector.diagnostics };
  return collector.finish(() => ({ ...found, javaHome: java.home }));
}
