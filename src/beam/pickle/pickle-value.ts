/**
 * What a pickle says, as plain values that nothing has been run for. A value that the pickle shares stands here
 * once and is the same JavaScript object at each place, so values may form a graph with cycles.
 */
export type PickleValue =
  | { readonly kind: "none" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "str"; readonly value: string }
  | { readonly kind: "bytes"; readonly value: Uint8Array }
  | { readonly kind: "bytearray"; readonly value: Uint8Array }
  | { readonly kind: "tuple"; readonly items: readonly PickleValue[] }
  | { readonly kind: "frozenset"; readonly items: readonly PickleValue[] }
  | PickleList
  | PickleSet
  | PickleDict
  | PickleGlobal
  | PickleObject;

export interface PickleList {
  readonly kind: "list";
  readonly items: PickleValue[];
}

export interface PickleSet {
  readonly kind: "set";
  readonly items: PickleValue[];
}

/** Entries in the order in which they are set; a key that is set twice stands here twice. */
export interface PickleDict {
  readonly kind: "dict";
  readonly entries: PickleEntry[];
}

export type PickleEntry = readonly [key: PickleValue, value: PickleValue];

/** A name looked up in a module when the pickle is loaded. `name` may have dots. */
export interface PickleGlobal {
  readonly kind: "global";
  readonly module: string;
  readonly name: string;
}

/** What a call made, and what was then done to it. */
export interface PickleObject {
  readonly kind: "object";
  /** `new`: the class's `__new__` alone, as for most instances; `call`: the callable itself was called. */
  readonly made: "new" | "call";
  readonly callable: PickleValue;
  /** The positional arguments, most often a tuple. */
  readonly args: PickleValue;
  /** The keyword arguments, a dict, or null where the pickle has no place for them. */
  readonly keywords: PickleValue | null;
  /** One for each time the state was set; an instance without attributes has none. */
  readonly states: PickleValue[];
  readonly items: PickleValue[];
  readonly entries: PickleEntry[];
}

/** A whole pickle, or why it can't be understood. */
export type PickleDocument = ReadablePickle | UnreadablePickle;

export interface ReadablePickle {
  readonly readable: true;
  readonly value: PickleValue;
  /**
   * Every call that loading makes, in order, also those whose result is thrown away. Such a call may change its
   * arguments, so a recogniser that promises exactness has to account for each.
   */
  readonly calls: readonly PickleObject[];
}

export interface UnreadablePickle {
  readonly readable: false;
  /** A clause that goes after "can't be read:", without a full stop. */
  readonly reason: string;
}
