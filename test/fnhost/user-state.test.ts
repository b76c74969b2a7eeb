import { readdirSync, readlinkSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { StateKey } from "../../src/beam/protos/types/state.js";
import { ByteWriter } from "../../src/fnhost/bytes/byte-writer.js";
import { UserState } from "../../src/fnhost/state/user-state.js";

const window = new Uint8Array(0);
const none = new Uint8Array(0);

/** Numbers from 0 to below a limit, always the same ones in the same order. */
function createChance(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function cell(userStateId: string, key: string) {
  return { transformId: "t", userStateId, window, key: Buffer.from(key) };
}

function keyOf(draft: Parameters<typeof StateKey.encode>[0]): StateKey {
  return StateKey.decode(StateKey.encode(draft));
}

/** The sizes of the temporary files that are open. */
function listFiles(): readonly number[] {
  const folder = "/proc/self/fd";
  return readdirSync(folder).flatMap((name) => {
    try {
      const isOurs = /beam2spark-.*deleted/.test(readlinkSync(`${folder}/${name}`));
      return isOurs ? [statSync(`${folder}/${name}`).size] : [];
    } catch {
      // The handle by which the folder is read is gone again.
      return [];
    }
  });
}

/** All that a key holds: its parts, one after the other. */
function readAll(state: UserState, key: StateKey): string {
  const parts: Uint8Array[] = [];
  let token: Uint8Array = none;
  do {
    const part = state.get(key, token);
    parts.push(part.data);
    token = part.continuationToken;
  } while (token.length > 0);
  return Buffer.concat(parts).toString("latin1");
}

/** An element of an ordered list: its sort key, and its value after its length. */
function entry(sortKey: number, value: string): Uint8Array {
  const out = new ByteWriter(16);
  out.varint64(sortKey, sortKey < 0 ? -1 : 0);
  out.varint32(value.length);
  out.bytes(Buffer.from(value));
  return out.take();
}

test.each([1 << 30, 3000, 0])(
  "state is the same in memory and in files, with %i bytes of memory",
  (limit) => {
    const chance = createChance(7);
    const state = new UserState(limit);
    const bags = new Map<string, string>();
    let entries: { sortKey: number; value: string }[] = [];
    for (let round = 0; round < 3000; round++) {
      const name = `key ${chance(5)}`;
      const bag = keyOf({ bagUserState: cell("bag", name) });
      if (chance(20) === 0) {
        state.clear(bag);
        bags.delete(name);
      }
      const added = String.fromCharCode(97 + chance(26)).repeat(chance(40));
      state.append(bag, Buffer.from(added));
      bags.set(name, (bags.get(name) ?? "") + added);
      const list = (start: number, end: number): StateKey =>
        keyOf({
          orderedListUserState: { ...cell("list", ""), range: { start: BigInt(start), end: BigInt(end) } },
        });
      const pairs = Array.from({ length: chance(4) }, () => ({
        sortKey: chance(100) - 50,
        value: `${round}`,
      }));
      state.append(list(0, 0), Buffer.concat(pairs.map(({ sortKey, value }) => entry(sortKey, value))));
      entries = [...entries, ...pairs].sort((left, right) => left.sortKey - right.sortKey);
      const [start, end] = [chance(100) - 50, chance(100) - 50].sort((left, right) => left - right);
      const isWithin = ({ sortKey }: { sortKey: number }): boolean => sortKey >= start! && sortKey < end!;
      if (chance(10) === 0) {
        state.clear(list(start!, end!));
        entries = entries.filter((one) => !isWithin(one));
      }
      if (chance(10) > 0) continue;
      const inRange = entries.filter(isWithin).map(({ sortKey, value }) => entry(sortKey, value));
      expect(readAll(state, list(start!, end!))).toBe(Buffer.concat(inRange).toString("latin1"));
    }
    for (const [name, values] of bags)
      expect(readAll(state, keyOf({ bagUserState: cell("bag", name) }))).toBe(values);
    state.forget();
    expect(readAll(state, keyOf({ bagUserState: cell("bag", "key 1") }))).toBe("");
    expect(state.held).toBe(0);
  },
);

test("a long list in files is read in pieces of what was asked for, and its entries count as memory", () => {
  const state = new UserState(0);
  const list = (range?: { start: bigint; end: bigint }): StateKey =>
    keyOf({ orderedListUserState: { ...cell("list", ""), ...(range === undefined ? {} : { range }) } });
  const chance = createChance(3);
  const count = 100_000;
  const values = Array.from({ length: count }, (_, index) => entry(index, `${chance(1e9)}`));
  // Every other one out of order, so that these are read one by one.
  const mixed = [...values];
  for (let index = 0; index < count / 2; index += 2) {
    const other = count - 1 - index;
    [mixed[index], mixed[other]] = [mixed[other]!, mixed[index]!];
  }
  const began = performance.now();
  state.append(list(), Buffer.concat(mixed));
  expect(state.held).toBeGreaterThanOrEqual(count * 50);
  expect(readAll(state, list()) === Buffer.concat(values).toString("latin1")).toBe(true);
  const range = { start: 10n, end: 12n };
  for (let round = 0; round < 1_000; round++) state.get(list(range), none);
  // Where a read took as long as the list is, these would take minutes.
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(readAll(state, list(range))).toBe(Buffer.concat(values.slice(10, 12)).toString("latin1"));
  state.clear(list({ start: 0n, end: BigInt(count - 1) }));
  expect(readAll(state, list())).toBe(Buffer.from(values.at(-1)!).toString("latin1"));
  state.clear(list());
  expect(state.held).toBe(0);
  state.forget();
});

test("a multimap has values by key, and its keys in the order of their coming", () => {
  const state = new UserState(1 << 20);
  const values = (mapKey: string): StateKey =>
    keyOf({ multimapUserState: { ...cell("map", "k"), mapKey: Buffer.from(mapKey) } });
  const keys = keyOf({ multimapKeysUserState: cell("map", "k") });
  for (const [mapKey, value] of ["b1", "a2", "b3", "c4"].map((one) => [one[0]!, one[1]!] as const))
    state.append(values(mapKey), Buffer.from(value));
  expect([readAll(state, keys), readAll(state, values("b")), readAll(state, values("x"))]).toEqual([
    "bac",
    "13",
    "",
  ]);
  state.clear(values("b"));
  expect([readAll(state, keys), readAll(state, values("b"))]).toEqual(["ac", ""]);
  state.clear(keys);
  expect([readAll(state, keys), readAll(state, values("a")), state.held]).toEqual(["", "", 0]);
});

test("what many keys write anew, over the limit, does not make the file grow for ever", () => {
  const state = new UserState(0);
  const megabyte = Buffer.alloc(1 << 20, "m");
  const key = keyOf({ bagUserState: cell("value", "k") });
  const kept = keyOf({ bagUserState: cell("value", "kept") });
  state.append(kept, Buffer.from("kept"));
  for (let round = 0; round < 200; round++) {
    state.clear(key);
    state.append(key, megabyte);
  }
  expect(listFiles()).toHaveLength(1);
  expect(listFiles()[0]).toBeLessThan(140 << 20);
  expect(readAll(state, kept)).toBe("kept");
  expect(readAll(state, key).length).toBe(1 << 20);
  state.forget();
  expect(listFiles()).toEqual([]);
});

test("a token that was not given is refused", () => {
  const state = new UserState(0);
  const key = keyOf({ bagUserState: cell("bag", "k") });
  state.append(key, Buffer.from("x"));
  expect(() => state.get(key, Buffer.from([0, 0, 0, 7]))).toThrow("continuation token");
});
