import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sparkOptions } from "./spark-options.js";

type Settings = ReadonlyMap<string, string>;

/** Reads Java properties as Spark's files have them: `key value`, `key=value` or `key: value`, `#` for comments. */
export function readProperties(text: string): Settings {
  const settings = new Map<string, string>();
  for (const line of text.replaceAll(/\\\r?\n\s*/g, "").split(/\r?\n/)) {
    const match = /^\s*([^\s=:#!][^\s=:]*)\s*[=:]?\s*(.*?)\s*$/.exec(line);
    if (match?.[1] !== undefined) settings.set(match[1], match[2] ?? "");
  }
  return settings;
}

function readPropertiesFile(file: string): Settings {
  return existsSync(file) ? readProperties(readFileSync(file, "utf8")) : new Map();
}

function listValues(words: readonly string[], name: string): string[] {
  return words.filter((_, index) => words[index - 1] === `--${name}`);
}

/** The last value of an option among words, `--name VALUE` or `--name=VALUE`. */
export function readOption(words: readonly string[], name: string): string | undefined {
  const start = `--${name}=`;
  const values = words.flatMap((word, index) => {
    if (word.startsWith(start)) return [word.slice(start.length)];
    return words[index - 1] === `--${name}` ? [word] : [];
  });
  return values.at(-1);
}

/**
 * What the user has set, whichever way: options of `spark-submit`, `--conf`, `--properties-file`, and the
 * `spark-defaults.conf` of the installation. In: the words for `spark-submit`, the environment, SPARK_HOME.
 */
export function readUserSettings(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  sparkHome: string,
): Settings {
  const settings = new Map<string, string>();
  const add = (more: Iterable<readonly [string, string]>): void => {
    for (const [key, value] of more) settings.set(key, value);
  };
  if (environment.MASTER !== undefined) settings.set("spark.master", environment.MASTER);
  const confFolder = environment.SPARK_CONF_DIR ?? join(sparkHome, "conf");
  const propertiesFile = listValues(words, "properties-file").at(-1);
  if (propertiesFile === undefined || words.includes("--load-spark-defaults")) {
    add(readPropertiesFile(join(confFolder, "spark-defaults.conf")));
  }
  if (propertiesFile !== undefined) add(readPropertiesFile(propertiesFile));
  for (const pair of listValues(words, "conf")) {
    const cut = pair.indexOf("=");
    if (cut > 0) settings.set(pair.slice(0, cut), pair.slice(cut + 1));
  }
  for (const { name, setting } of sparkOptions) {
    const value = listValues(words, name).at(-1);
    if (setting !== null && value !== undefined) settings.set(setting, value);
  }
  return settings;
}

/** The project's own defaults that the user has not set, as `--conf` words. */
export function listProjectDefaults(projectDirectory: string, user: Settings): string[] {
  const defaults = readPropertiesFile(join(projectDirectory, "conf", "spark-defaults.conf"));
  return [...defaults]
    .filter(([key]) => !user.has(key))
    .flatMap(([key, value]) => ["--conf", `${key}=${value}`]);
}

/** Whether all of Spark runs in one process of this machine, so that any folder here is a shared one. */
export function isLocalMaster(master: string): boolean {
  return /^local(\[.*\])?$/.test(master);
}
