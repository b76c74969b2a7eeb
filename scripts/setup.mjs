import { runScript } from "./setup/run-script.mjs";
import { setUp } from "./setup/set-up.mjs";

await runScript(async () => {
  await setUp({ scala: true });
  console.log("ready: node bin/beam2spark.mjs --help");
  return 0;
});
