/** A call into an array's own copy costs more than so many bytes do. */
const fewBytes = 24;

/** Copies bytes `start` (inclusive) to `end` (exclusive) of an array to a place in another, which has room for them. */
export function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  place: number,
): void {
  if (end - start < fewBytes) {
    let at = place;
    for (let index = start; index < end; index++) target[at++] = source[index]!;
  } else target.set(source.subarray(start, end), place);
}
