import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findPackageRoot } from "../../src/package-root.js";
import { projectSpark } from "./project-spark.js";

test("Maven builds with the Spark and the Scala that projects are tested on", () => {
  const pom = readFileSync(join(findPackageRoot(), "templates", "scala", "pom.xml"), "utf8");
  const jars = readdirSync(join(projectSpark(), "jars"));
  const jarOf = (start: string) => jars.filter((name) => name.startsWith(`${start}-`));
  const versionOf = (name: string) => new RegExp(`<${name}>(.+)</${name}>`).exec(pom)?.[1];
  expect(jarOf("spark-sql_2.13")).toEqual([`spark-sql_2.13-${versionOf("spark.version")}.jar`]);
  expect(jarOf("scala-library")).toEqual([`scala-library-${versionOf("scala.version")}.jar`]);
});
