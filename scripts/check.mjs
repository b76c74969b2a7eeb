import { runScript } from "./setup/run-script.mjs";
import { setUp } from "./setup/set-up.mjs";

// The minute before a commit: what needs neither Python nor Spark, and doesn't look at many thousands of cases
// (`*.thorough.test.ts`).
const left = ["**/*.python.test.ts", "**/*.spark.test.ts", "**/*.thorough.test.ts"];

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
            command: [...suite.command, ...left.map((pattern) => `--exclude=${pattern}`)],
          }
        : suite,
    );
  return runSuites(quick);
});
