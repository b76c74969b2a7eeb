import { createCollector } from "../diagnostics/collector.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { sparkFlags, sparkOptions } from "./spark-options.js";

/** A launcher's command line, taken apart. */
export interface LaunchArguments {
  readonly python: string | undefined;
  readonly tempLocation: string | undefined;
  readonly host: string | undefined;
  readonly workers: string | undefined;
  /** For `spark-submit`, each option as `--name`, `value`. */
  readonly spark: readonly string[];
  /** For the job: everything after `--`. */
  readonly job: readonly string[];
  readonly help: boolean;
}

const ownOptions = ["python", "temp-location", "host", "workers"];
const withValue: ReadonlySet<string> = new Set([...ownOptions, ...sparkOptions.map(({ name }) => name)]);
const withoutValue: ReadonlySet<string> = new Set(sparkFlags);

/**
 * Reads the words of a launcher's command line: `--python`, `--temp-location`, the options of `spark-submit`, and
 * after `--` what the job is to get.
 *
 * Errors: `launch/option-unknown` and `launch/option-without-value`, all of them at once.
 */
export function readLaunchArguments(words: readonly string[]): Result<LaunchArguments> {
  const collector = createCollector();
  const cut = words.indexOf("--");
  const own = cut === -1 ? words : words.slice(0, cut);
  const values = new Map<string, string>();
  const spark: string[] = [];
  let help = false;
  for (let index = 0; index < own.length; index++) {
    const word = own[index] ?? "";
    const match = /^--([a-z-]+)(?:=(.*))?$/s.exec(word);
    const name = match?.[1] ?? "";
    if (word === "--help" || word === "-h") help = true;
    else if (withoutValue.has(name)) spark.push(`--${name}`);
    else if (!withValue.has(name))
      collector.report("launch/option-unknown", {}, { word: word.replace(/=.*/s, "") });
    else {
      const value = match?.[2] ?? own[++index];
      if (value === undefined) collector.report("launch/option-without-value", {}, { word });
      else if (ownOptions.includes(name)) values.set(name, value);
      else spark.push(`--${name}`, value);
    }
  }
  return collector.finish(() => ({
    python: values.get("python"),
    tempLocation: values.get("temp-location"),
    host: values.get("host"),
    workers: values.get("workers"),
    spark,
    job: cut === -1 ? [] : words.slice(cut + 1),
    help,
  }));
}
