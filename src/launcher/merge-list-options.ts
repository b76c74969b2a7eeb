/**
 * Adds entries to the options of `spark-submit` that are lists; it takes the last of several, so each joins the
 * user's in one. In: the words, and the entry for each option, null for none.
 */
export function mergeListOptions(
  words: readonly string[],
  entries: Readonly<Record<string, string | null>>,
): string[] {
  const merged = [...words];
  for (const [name, value] of Object.entries(entries)) {
    if (value === null) continue;
    const index = merged.lastIndexOf(`--${name}`);
    if (index === -1) merged.push(`--${name}`, value);
    else merged[index + 1] = `${merged[index + 1]},${value}`;
  }
  return merged;
}
