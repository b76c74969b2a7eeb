/** Stands for a layout that no plan gives to workers: records, because Beam's own reader makes dictionaries there. */
export function neverSent(): never {
  throw new Error("a record does not go to a worker");
}
