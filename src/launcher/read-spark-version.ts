import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The version of the Spark in a folder, by its core's jar; null where there is no Spark that can be started. */
export function readSparkVersion(sparkHome: string): string | null {
  try {
    if (!readdirSync(join(sparkHome, "bin")).includes("spark-submit")) return null;
    for (const jar of readdirSync(join(sparkHome, "jars"))) {
      const version = /^spark-core_[\d.]+-(.+)\.jar$/.exec(jar)?.[1];
      if (version !== undefined) return version;
    }
  } catch {
    return null;
  }
  return null;
}
