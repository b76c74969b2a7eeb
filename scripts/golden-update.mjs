import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { runScript } from "./setup/run-script.mjs";

// Writes what the compiler makes of every fixture now, and removes golden files that nothing makes any more.
// Read the difference before you commit it: PLAN.txt first, then job.py.
await runScript(() => {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const { status } = spawnSync(
    process.execPath,
    [vitest, "run", "test/compiler/golden/golden.test.ts", "test/rejected/rejected.test.ts", "-u"],
    { cwd: root, stdio: "inherit", env: { ...process.env, BEAM2SPARK_UPDATE_GOLDEN: "1" } },
  );
  return status ?? 1;
});
