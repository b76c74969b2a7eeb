/** BLAKE2b (RFC 7693) with words of 64 bits as two of 32, low and high. Digests here have 8 bytes. */

const digestBytes = 8;
const blockBytes = 128;
const longestKey = 64;

/** The initial state, each word low half first. */
const initial = Uint32Array.of(
  ...[0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a],
  ...[0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19],
);

/** Which word of a block each step of a round takes; two more rounds begin again from the first. */
const order = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
] as const;

const rounds = 12;

/** The four words that each step mixes: first the columns, then the diagonals. */
const steps = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

const work = new Uint32Array(32);
const message = new Uint32Array(32);

/**
 * The hash by which the keys of a stored side input are spread, sorted and found, as `key_hash.py` has it.
 *
 * @param window an encoded window @param key an encoded key in it @returns a signed 64-bit number
 */
export function hashKey(window: Uint8Array, key: Uint8Array): bigint {
  const secret = window.subarray(0, longestKey);
  const state = initial.slice();
  state[0]! ^= 0x01010000 ^ (secret.length << 8) ^ digestBytes;
  // A secret is a block of its own, in front.
  const padded =
    secret.length === 0 ? key : Buffer.concat([secret, Buffer.alloc(blockBytes - secret.length), key]);
  const blocks = Math.max(1, Math.ceil(padded.length / blockBytes));
  const block = new Uint8Array(blockBytes);
  const view = new DataView(block.buffer);
  for (let index = 0; index < blocks; index++) {
    const part = padded.subarray(index * blockBytes, (index + 1) * blockBytes);
    block.fill(0).set(part);
    for (let word = 0; word < 32; word++) message[word] = view.getUint32(word * 4, true);
    compress(state, index * blockBytes + part.length, index === blocks - 1);
  }
  // The digest's bytes are read with the highest first.
  view.setUint32(0, state[0]!, true);
  view.setUint32(4, state[1]!, true);
  return view.getBigInt64(0);
}

function compress(state: Uint32Array, count: number, isLast: boolean): void {
  work.set(state);
  work.set(initial, 16);
  work[24]! ^= count;
  work[25]! ^= Math.floor(count / 2 ** 32);
  if (isLast) {
    work[28] = ~work[28]!;
    work[29] = ~work[29]!;
  }
  for (let round = 0; round < rounds; round++) {
    const words = order[round % order.length]!;
    for (let step = 0; step < steps.length; step++) {
      const [a, b, c, d] = steps[step]!;
      mix(a * 2, b * 2, c * 2, d * 2, words[step * 2]! * 2, words[step * 2 + 1]! * 2);
    }
  }
  for (let word = 0; word < 16; word++) state[word]! ^= work[word]! ^ work[word + 16]!;
}

function mix(a: number, b: number, c: number, d: number, x: number, y: number): void {
  add(a, work[b]!, work[b + 1]!);
  add(a, message[x]!, message[x + 1]!);
  turn(d, a, 32);
  add(c, work[d]!, work[d + 1]!);
  turn(b, c, 24);
  add(a, work[b]!, work[b + 1]!);
  add(a, message[y]!, message[y + 1]!);
  turn(d, a, 16);
  add(c, work[d]!, work[d + 1]!);
  turn(b, c, 63);
}

function add(word: number, low: number, high: number): void {
  const sum = work[word]! + low;
  work[word + 1] = work[word + 1]! + high + (sum > 0xffffffff ? 1 : 0);
  work[word] = sum;
}

/** Combines a word with another one, and turns it to the right. */
function turn(word: number, other: number, bits: number): void {
  const low = work[word]! ^ work[other]!;
  const high = work[word + 1]! ^ work[other + 1]!;
  // Half of the turns, or nearly: then the halves change places.
  const [first, second] = bits >= 32 ? [high, low] : [low, high];
  const left = bits % 32;
  work[word] = left === 0 ? first : (first >>> left) | (second << (32 - left));
  work[word + 1] = left === 0 ? second : (second >>> left) | (first << (32 - left));
}
