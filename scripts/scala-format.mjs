import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./paths.mjs";
import { installScalaTools } from "./scala/install-scala-tools.mjs";
import { listGoldenJobs, listScalaSources } from "./scala/scala-sources.mjs";
import { runScript } from "./setup/run-script.mjs";

// Checks the layout of our own Scala sources and of the Job.scala of every fixture, or of the files that are named.
// With --write it lays our own sources out.
await runScript(async () => {
  const tools = installScalaTools();
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { write: { type: "boolean", default: false } },
  });
  const ours = listScalaSources();
  const files = values.write ? ours : [...ours, ...listGoldenJobs()];
  const words = [
    ...["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", join(tools, "*"), "org.scalafmt.cli.Cli"],
    ...["--config", join(root, "templates", "scala", ".scalafmt.conf"), "--non-interactive"],
    ...(values.write ? [] : ["--test"]),
    ...(positionals.length > 0 ? positionals : files),
  ];
  const executable = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : "java";
  const done = spawnSync(executable, words, { cwd: root, stdio: "inherit" });
  if (done.error !== undefined) throw done.error;
  return done.status ?? 1;
});
