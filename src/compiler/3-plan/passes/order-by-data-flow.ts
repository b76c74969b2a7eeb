/** What the order depends on: the PCollections that an item reads and makes. */
export interface DataFlow<Item> {
  readonly reads: (item: Item) => readonly string[];
  readonly makes: (item: Item) => readonly string[];
}

/**
 * Puts items in topological order: whatever makes a PCollection stands before whatever reads it. It goes depth
 * first, so that a chain stays together, and otherwise keeps the order given, so that ids decide nothing.
 *
 * @returns the items in order, and one that has no place because of a cycle, or null
 */
export function orderByDataFlow<Item>(
  items: readonly Item[],
  flow: DataFlow<Item>,
): { readonly ordered: readonly Item[]; readonly stuck: Item | null } {
  const makers = new Map<string, number>();
  items.forEach((item, index) => {
    for (const pcollection of flow.makes(item)) makers.set(pcollection, index);
  });
  const waitingFor = items.map(() => 0);
  const readers = items.map((): number[] => []);
  items.forEach((item, index) => {
    const needed = new Set<number>();
    for (const pcollection of flow.reads(item)) {
      const maker = makers.get(pcollection);
      if (maker !== undefined) needed.add(maker);
    }
    waitingFor[index] = needed.size;
    for (const maker of needed) readers[maker]!.push(index);
  });
  const ordered: Item[] = [];
  const placed = items.map(() => false);
  const place = (start: number): void => {
    const pending = [start];
    for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
      placed[index] = true;
      ordered.push(items[index]!);
      const ready = readers[index]!.filter((reader) => --waitingFor[reader]! === 0);
      for (const reader of ready.reverse()) pending.push(reader);
    }
  };
  const roots = items.flatMap((_, index) => (waitingFor[index] === 0 ? [index] : []));
  for (const root of roots) if (!placed[root]) place(root);
  return { ordered, stuck: items.find((_, index) => !placed[index]) ?? null };
}
