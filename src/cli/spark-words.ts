import type { Options } from "yargs";
import { sparkFlags, sparkOptions } from "../launcher/spark-options.js";

const group = "Options of spark-submit, which win over everything else:";

/** The options of `spark-submit`, as yargs wants them. */
export function declareSparkOptions(): Record<string, Options> {
  return Object.fromEntries([
    ...sparkOptions.map(({ name, describe }) => [
      name,
      { type: "string", requiresArg: true, group, describe },
    ]),
    ...sparkFlags.map((name) => [name, { type: "boolean", hidden: true }]),
  ]);
}

/** The options of `spark-submit` in a parsed command line, as words for it. */
export function listSparkWords(argv: object): string[] {
  const words: string[] = [];
  const given = argv as Readonly<Record<string, unknown>>;
  for (const { name } of sparkOptions) {
    const values = given[name];
    if (values === undefined) continue;
    for (const value of Array.isArray(values) ? values : [values]) words.push(`--${name}`, String(value));
  }
  for (const name of sparkFlags) if (given[name] === true) words.push(`--${name}`);
  return words;
}
