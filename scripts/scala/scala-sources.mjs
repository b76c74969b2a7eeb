import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";

/** Where our own Scala sources lie: the runtime of projects, the drivers of `serve`, the tests of both, and benchmarks. */
export const sourceFolders = [
  join("templates", "scala", "src", "main", "scala"),
  join("templates", "scala-driver"),
  join("test", "scala"),
  "bench",
].filter((folder) => existsSync(join(root, folder)));

/** Our own Scala sources, relative to the repository. */
export function listScalaSources() {
  return sourceFolders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".scala"))
      .sort()
      .map((path) => join(folder, path)),
  );
}

/** The Job.scala of every fixture, relative to the repository. */
export function listGoldenJobs() {
  const fixtures = readdirSync(join(root, "fixtures"), { withFileTypes: true });
  return fixtures
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      ["expected-scala", "expected-scala-unlifted"].map((golden) =>
        join("fixtures", name, golden, "Job.scala"),
      ),
    )
    .filter((path) => existsSync(join(root, path)))
    .sort();
}
