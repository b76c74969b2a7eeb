import { runScript } from "./setup/run-script.mjs";
import { setUp } from "./setup/set-up.mjs";

// What needs neither Python nor Spark: the minute before a commit.
await runScript(async () => {
  await setUp({ python: false, java: false });
  const { suites } = await import("./testing/suites.mjs");
  const { runSuites } = await import("./testing/run-suites.mjs");
  const quick = suites
    .filter((suite) => suite.needsPython !== true)
    .map((suite) =>
      suite.kind === "vitest"
        ? {
            ...suite,
            command: [...suite.command, "--exclude=**/*.python.test.ts", "--exclude=**/*.spark.test.ts"],
          }
        : suite,
    );
  return runSuites(quick);
});
