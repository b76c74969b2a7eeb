import { spawnSync } from "node:child_process";
import { root, virtualPython } from "./paths.mjs";
import { runScript } from "./setup/run-script.mjs";
import { setUp } from "./setup/set-up.mjs";

await runScript(async () => {
  await setUp();
  const words = ["bench/run.py", ...process.argv.slice(2)];
  const done = spawnSync(virtualPython, words, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  return done.status ?? 1;
});
