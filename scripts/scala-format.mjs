import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { installScalaTools } from "./scala/install-scala-tools.mjs";
import { listScalaSources } from "./scala/scala-sources.mjs";
import { runScript } from "./setup/run-script.mjs";

// Checks the layout of our own Scala sources, or, with --write, lays them out.
await runScript(async () => {
  const tools = installScalaTools();
  const isWriting = process.argv.includes("--write");
  const words = [
    ...["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", join(tools, "*"), "org.scalafmt.cli.Cli"],
    ...["--config", join(root, "templates", "scala", ".scalafmt.conf"), "--non-interactive"],
    ...(isWriting ? [] : ["--test"]),
    ...listScalaSources(),
  ];
  const executable = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : "java";
  const done = spawnSync(executable, words, { cwd: root, stdio: "inherit" });
  if (done.error !== undefined) throw done.error;
  return done.status ?? 1;
});
