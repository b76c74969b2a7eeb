import type { StateKey } from "../../beam/protos/types/state.js";
import { hex } from "../bytes/hex.js";
import type { StateBackend, StatePart } from "../state-stream.js";
import { answerPart, answerPartOf, pieceOf } from "./answer-parts.js";
import { BagCell } from "./bag-cell.js";
import { ChunkSpace } from "./chunk-space.js";
import { ListCell } from "./list-cell.js";

/**
 * The state of users' functions (`beam_fn_api.proto`, StateKey): bags, multimaps and ordered lists, of which SDKs
 * build all others. It is kept as it was written, encoded, in memory up to a limit and in a file beyond it; `forget`
 * drops it.
 */
export class UserState implements StateBackend {
  readonly #space: ChunkSpace;
  readonly #bags = new Map<string, BagCell>();
  readonly #multimaps = new Map<string, Map<string, BagCell>>();
  readonly #lists = new Map<string, ListCell>();

  /** @param memoryLimit so many bytes of it stay in memory */
  constructor(memoryLimit: number) {
    this.#space = new ChunkSpace(memoryLimit);
  }

  /** Bytes that it holds in memory. */
  get held(): number {
    return this.#space.held;
  }

  get(key: StateKey, token: Uint8Array): StatePart {
    const { bagUserState: bag, multimapUserState: values, multimapKeysUserState: keys } = key;
    const { orderedListUserState: list } = key;
    if (bag !== undefined) return answerPart(this.#bags.get(cellOf(bag))?.read() ?? [], token);
    if (values !== undefined) {
      const cell = this.#multimaps.get(cellOf(values))?.get(hex(values.mapKey));
      return answerPart(cell?.read() ?? [], token);
    }
    if (keys !== undefined) {
      const mapKeys = this.#multimaps.get(cellOf(keys))?.keys() ?? [];
      return answerPart(
        [...mapKeys].map((mapKey) => pieceOf(Buffer.from(mapKey, "hex"))),
        token,
      );
    }
    if (list !== undefined) {
      const cell = this.#lists.get(cellOf(list));
      return cell === undefined ? answerPart([], token) : answerPartOf(cell.read(list.range), token);
    }
    throw unknownState(key);
  }

  append(key: StateKey, data: Uint8Array): void {
    const { bagUserState: bag, multimapUserState: values, orderedListUserState: list } = key;
    if (bag !== undefined) entryOf(this.#bags, cellOf(bag), () => new BagCell(this.#space)).add(data);
    else if (values !== undefined) {
      const cell = entryOf(this.#multimaps, cellOf(values), () => new Map<string, BagCell>());
      entryOf(cell, hex(values.mapKey), () => new BagCell(this.#space)).add(data);
    } else if (list !== undefined) {
      entryOf(this.#lists, cellOf(list), () => new ListCell(this.#space)).add(data);
    } else throw unknownState(key);
  }

  clear(key: StateKey): void {
    const { bagUserState: bag, multimapUserState: values, orderedListUserState: list } = key;
    const all = key.multimapKeysUserState;
    if (bag !== undefined) take(this.#bags, cellOf(bag))?.clear();
    else if (values !== undefined) {
      const cell = this.#multimaps.get(cellOf(values));
      if (cell !== undefined) take(cell, hex(values.mapKey))?.clear();
    } else if (all !== undefined) {
      for (const cell of take(this.#multimaps, cellOf(all))?.values() ?? []) cell.clear();
    } else if (list !== undefined) this.#lists.get(cellOf(list))?.clear(list.range);
    else throw unknownState(key);
  }

  /** Drops all of it, and takes nothing any more. */
  close(): void {
    this.forget();
    this.#space.close();
  }

  /** Drops the state of all keys and windows. */
  forget(): void {
    this.#bags.clear();
    this.#multimaps.clear();
    this.#lists.clear();
    this.#space.clear();
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

function entryOf<V>(map: Map<string, V>, key: string, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

function take<V>(map: Map<string, V>, key: string): V | undefined {
  const taken = map.get(key);
  map.delete(key);
  return taken;
}

function unknownState(key: StateKey): Error {
  const kind = Object.entries(key).find(([, value]) => value !== undefined && !Array.isArray(value))?.[0];
  return new Error(`there is no ${kind ?? "state without a kind"} here`);
}
