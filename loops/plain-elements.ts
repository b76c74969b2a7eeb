// AssemblyScript (TypeScript's syntax, WebAssembly's types), not part of the TypeScript project.
// `npm run loops:update` compiles it into src/fnhost/bytes/plain-loops-wasm.ts.

/** Bytes that a head is copied in, at least. */
const headStep: u32 = 16;

/** Up to so many bytes are copied here: a call of the engine's own copy costs more. */
const fewBytes: u32 = 32;

/** Bytes of an element before its value: a timestamp, the number of its windows, a pane without numbers. */
const headBytes: usize = 13;

/** What the last call has left: the place behind what it has written, or read. */
export let place: usize = 0;

/** What the last call of `readPlain` has left: how many values it has taken. */
export let count: i32 = 0;

// @ts-ignore: a decorator of AssemblyScript
@inline
function copy(target: usize, source: usize, size: u32): void {
  if (size > fewBytes) {
    memory.copy(target, source, size);
    return;
  }
  let from = source;
  let to = target;
  const end = target + size;
  for (; to + 8 <= end; to += 8, from += 8) store<u64>(to, load<u64>(from));
  for (; to < end; to++, from++) store<u8>(to, load<u8>(from));
}

/**
 * Writes rows as windowed values with the same head, each value behind its length: until nothing more fits in, or there
 * are so many bytes. Addresses are those of the memory that all of it lies in; 40 bytes may be read behind a head.
 *
 * @param offsets where each value begins among the values, and one more (32 bits each)
 * @param room behind the last byte that may be written
 * @param fullAt is where the last row may begin at most
 * @returns the first row that was not written, which is also one whose place among the values can't be
 */
export function writePlain(
  head: usize,
  headLength: u32,
  offsets: usize,
  values: usize,
  valueBytes: u32,
  start: i32,
  end: i32,
  out: usize,
  room: usize,
  fullAt: usize,
): i32 {
  let row = start;
  let at = out;
  let from = load<u32>(offsets + ((<usize>row) << 2));
  for (; row < end && at < fullAt; row++) {
    const to = load<u32>(offsets + ((<usize>row) << 2), 4);
    if (to < from || to > valueBytes) break;
    const size = to - from;
    // A length has five bytes at most.
    if (<u64>at + headLength + headStep + 5 + size > <u64>room) break;
    for (let done: u32 = 0; done < headLength; done += headStep) {
      store<u64>(at + done, load<u64>(head + done));
      store<u64>(at + done, load<u64>(head + done, 8), 8);
    }
    at += headLength;
    let left = size;
    for (; left > 0x7f; left >>>= 7) store<u8>(at++, (left & 0x7f) | 0x80);
    store<u8>(at++, left);
    copy(at, values + from, size);
    at += size;
    from = to;
  }
  place = at;
  return row;
}

/**
 * Takes the values of plain elements, up to one that is none, has not come whole, or doesn't fit in.
 *
 * @param end is behind the last byte of the elements
 * @param room behind the last byte that may be written
 * @param ends takes where each value ends, counted from `first` (32 bits each)
 * @param most values that are taken
 * @param rowBytes count for each row beside its value
 * @param fullAt so many bytes, `first` and what rows count among them, are enough
 * @returns the place of the first element that was not taken
 */
export function readPlain(
  elements: usize,
  end: usize,
  out: usize,
  room: usize,
  ends: usize,
  first: u32,
  most: i32,
  rowBytes: u32,
  fullAt: f64,
): usize {
  let at = elements;
  let to = out;
  let rows: i32 = 0;
  while (rows < most && at + headBytes < end) {
    if (<f64>first + <f64>(to - out) + <f64>rows * <f64>rowBytes >= fullAt) break;
    // The windows' number has its highest byte first.
    if (load<u32>(at, 8) != 0x01000000 || load<u8>(at, 12) >= 0x10) break;
    let from = at + headBytes;
    let size: u32 = load<u8>(from++);
    if (size >= 0x80) {
      if (from + 1 >= end) break;
      size = (size & 0x7f) | ((<u32>load<u8>(from++)) << 7);
      if (size >= 0x4000) {
        size = (size & 0x3fff) | ((<u32>load<u8>(from++)) << 14);
        if (size >= 0x200000) break;
      }
    }
    if (from + size > end || to + size > room) break;
    copy(to, from, size);
    to += size;
    store<u32>(ends + ((<usize>rows) << 2), first + <u32>(to - out));
    rows++;
    at = from + size;
  }
  place = to;
  count = rows;
  return at;
}
