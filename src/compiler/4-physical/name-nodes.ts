/** Words that the emitted Python or Scala uses itself, that are reserved in one of them, or Python's built-ins. */
const taken: ReadonlySet<string> = new Set(
  (
    "false none true and as assert async await break class continue def del elif else except finally for from " +
    "global if import in is lambda nonlocal not or pass raise return try while with yield match case type " +
    "abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex " +
    "delattr dict dir divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash help " +
    "hex id input int isinstance issubclass iter len list locals map max memoryview min next object oct open ord " +
    "pow print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple vars " +
    "zip abstract catch do extends final implicit lazy new null override package private protected sealed " +
    "this throw trait val var given enum export then main build job spark self functions exact_sum " +
    "wrapping_sum ieee_sum ieee_min ieee_max stage"
  ).split(" "),
);

/** Gives nodes names that are identifiers in every target, made from Beam's names, unique in one plan. */
export class NodeNames {
  readonly #used = new Set<string>();
  /** The next number to try after a base, so that many nodes of one name are named in linear time. */
  readonly #next = new Map<string, number>();

  /**
   * @param name a transform's unique name; the last label that says something is used
   * @returns lower case words joined by underscores, at most 40 characters and a number
   */
  give(name: string): string {
    const words = identifierOf(name);
    const base = taken.has(words) ? `${words}_rows` : words;
    let number = this.#next.get(base) ?? 1;
    let candidate = number === 1 ? base : `${base}_${number}`;
    while (this.#used.has(candidate)) candidate = `${base}_${++number}`;
    this.#next.set(base, number + 1);
    this.#used.add(candidate);
    return candidate;
  }
}

/**
 * The name that says most about a run of transforms: the last one among those that stand highest in the pipeline's
 * hierarchy, which are the ones that the pipeline's author named.
 */
export function tellingName(names: readonly string[]): string {
  const depth = (name: string): number => name.split("/").length;
  const highest = Math.min(...names.map(depth));
  return names.findLast((name) => depth(name) === highest) ?? "";
}

function identifierOf(name: string): string {
  const labels = name.split("/").reverse();
  for (const label of labels) {
    const words = label
      .replace(/<lambda at [^>]*>/g, "lambda")
      .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
      .replace(/[^A-Za-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "")
      .toLowerCase()
      .slice(0, 40)
      .replace(/_+$/, "");
    if (words !== "") return /^[0-9]/.test(words) ? `n_${words}` : words;
  }
  return "node";
}
