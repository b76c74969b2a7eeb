/** The same numbers for the same seed on every machine: `random(limit)` is an integer from 0 to below `limit`. */
export function makeRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}
