import type { StateKey } from "../../beam/protos/types/state.js";
import { ByteReader } from "../bytes/byte-reader.js";
import type { StateBackend, StatePart } from "../state-stream.js";
import { answerPart } from "./answer-parts.js";

/** What a user's function keeps for a key and window, by the kinds of state that the Fn API has. */
interface Cells {
  readonly bags: Map<string, Uint8Array[]>;
  readonly multimaps: Map<string, Map<string, Uint8Array[]>>;
  readonly lists: Map<string, ListEntry[]>;
}

/** An element of an ordered list: its sort key, and its bytes with that in front. */
interface ListEntry {
  readonly sortKey: bigint;
  readonly bytes: Uint8Array;
}

/**
 * The state of users' functions (`beam_fn_api.proto`, StateKey): bags, multimaps and ordered lists, of which SDKs
 * build all others. It is kept as it was written, encoded; `forget` drops it.
 */
export class UserState implements StateBackend {
  readonly #cells: Cells = { bags: new Map(), multimaps: new Map(), lists: new Map() };

  get(key: StateKey, token: Uint8Array): StatePart {
    const { bagUserState: bag, multimapUserState: values, multimapKeysUserState: keys } = key;
    if (bag !== undefined) return answerPart(this.#cells.bags.get(cellOf(bag)) ?? [], token);
    if (values !== undefined) {
      const cell = this.#cells.multimaps.get(cellOf(values));
      return answerPart(cell?.get(hex(values.mapKey)) ?? [], token);
    }
    if (keys !== undefined) {
      const cell = this.#cells.multimaps.get(cellOf(keys));
      return answerPart(
        [...(cell?.keys() ?? [])].map((mapKey) => Buffer.from(mapKey, "hex")),
        token,
      );
    }
    const { orderedListUserState: list } = key;
    if (list !== undefined) {
      const inRange = rangeOf(list.range);
      const found = (this.#cells.lists.get(cellOf(list)) ?? []).filter(({ sortKey }) => inRange(sortKey));
      return answerPart(
        found.map(({ bytes }) => bytes),
        token,
      );
    }
    throw unknownState(key);
  }

  append(key: StateKey, data: Uint8Array): void {
    const { bagUserState: bag, multimapUserState: values, orderedListUserState: list } = key;
    // What is appended is part of a larger message, which must not be kept for it.
    if (bag !== undefined) entryOf(this.#cells.bags, cellOf(bag), () => []).push(data.slice());
    else if (values !== undefined) {
      const cell = entryOf(this.#cells.multimaps, cellOf(values), () => new Map<string, Uint8Array[]>());
      entryOf(cell, hex(values.mapKey), () => []).push(data.slice());
    } else if (list !== undefined) {
      const cell = entryOf(this.#cells.lists, cellOf(list), (): ListEntry[] => []);
      cell.push(...cutEntries(data.slice()));
      // The sort is stable: elements of one sort key stay in the order in which they came.
      cell.sort((left, right) => (left.sortKey < right.sortKey ? -1 : left.sortKey > right.sortKey ? 1 : 0));
    } else throw unknownState(key);
  }

  clear(key: StateKey): void {
    const { bagUserState: bag, multimapUserState: values, orderedListUserState: list } = key;
    const all = key.multimapKeysUserState;
    if (bag !== undefined) this.#cells.bags.delete(cellOf(bag));
    else if (values !== undefined) this.#cells.multimaps.get(cellOf(values))?.delete(hex(values.mapKey));
    else if (all !== undefined) this.#cells.multimaps.delete(cellOf(all));
    else if (list !== undefined) {
      const inRange = rangeOf(list.range);
      const cell = cellOf(list);
      const rest = (this.#cells.lists.get(cell) ?? []).filter(({ sortKey }) => !inRange(sortKey));
      this.#cells.lists.set(cell, rest);
    } else throw unknownState(key);
  }

  /** Drops the state of all keys and windows. */
  forget(): void {
    this.#cells.bags.clear();
    this.#cells.multimaps.clear();
    this.#cells.lists.clear();
  }
}

interface CellKey {
  readonly transformId: string;
  readonly userStateId: string;
  readonly window: Uint8Array;
  readonly key: Uint8Array;
}

function cellOf({ transformId, userStateId, window, key }: CellKey): string {
  return JSON.stringify([transformId, userStateId, hex(window), hex(key)]);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

function entryOf<V>(map: Map<string, V>, key: string, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

function rangeOf(
  range: { readonly start: bigint; readonly end: bigint } | undefined,
): (sortKey: bigint) => boolean {
  if (range === undefined) return () => true;
  return (sortKey) => sortKey >= range.start && sortKey < range.end;
}

/** Elements of an ordered list: each its sort key as a varint, and its value after its length. */
function cutEntries(data: Uint8Array): readonly ListEntry[] {
  const source = new ByteReader(data);
  const entries: ListEntry[] = [];
  while (!source.isAtEnd) {
    const start = source.position;
    source.varint64();
    const sortKey = (BigInt(source.high) << 32n) | BigInt(source.low >>> 0);
    source.skip(source.length());
    entries.push({ sortKey, bytes: data.subarray(start, source.position) });
  }
  return entries;
}

function unknownState(key: StateKey): Error {
  const kind = Object.entries(key).find(([, value]) => value !== undefined && !Array.isArray(value))?.[0];
  return new Error(`there is no ${kind ?? "state without a kind"} here`);
}
