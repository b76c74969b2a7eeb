import { runScript } from "./setup/run-script.mjs";
import { setUp } from "./setup/set-up.mjs";

await runScript(async () => {
  await setUp({ scala: true });
  const { suites } = await import("./testing/suites.mjs");
  const { runSuites } = await import("./testing/run-suites.mjs");
  const { archiveClasses } = await import("./testing/archive-classes.mjs");
  return runSuites(suites, archiveClasses());
});
