import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The Scala compiler that an installation of Spark has among its jars. */
export interface ScalaCompiler {
  readonly scalaVersion: string;
  /** The class path that the compiler itself runs on. */
  readonly ownClassPath: string;
  /** What sources are compiled against: all of Spark's jars. */
  readonly sparkClassPath: string;
}

/** What the compiler's class path is made of, by the first part of the jars' names. */
const parts = ["scala-compiler", "scala-library", "scala-reflect"] as const;

/** Finds the Scala compiler of an installation of Spark; null where its `jars` folder has none, or only parts of it. */
export function findScalaCompiler(sparkHome: string): ScalaCompiler | null {
  const folder = join(sparkHome, "jars");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const jars = parts.map((part) => names.find((name) => versionOf(name, part) !== undefined));
  const [compiler] = jars;
  const scalaVersion = compiler === undefined ? undefined : versionOf(compiler, parts[0]);
  if (
    scalaVersion === undefined ||
    jars.some((jar, index) => versionOf(jar, parts[index]!) !== scalaVersion)
  ) {
    return null;
  }
  return {
    scalaVersion,
    ownClassPath: jars.map((jar) => join(folder, jar!)).join(delimiter),
    sparkClassPath: join(folder, "*"),
  };
}

function versionOf(jar: string | undefined, part: string): string | undefined {
  return new RegExp(`^${part}-(\\d[\\d.]*)\\.jar$`).exec(jar ?? "")?.[1];
}
