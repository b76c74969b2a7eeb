import { PickleCursor } from "./pickle-cursor.js";
import type { PickleLimits } from "./pickle-limits.js";
import type { PickleObject, PickleValue } from "./pickle-value.js";
import { Unreadable } from "./unreadable.js";

/** The stack, the marks and the memo that the opcodes work on. */
export class PickleMachine {
  readonly cursor: PickleCursor;
  readonly limits: PickleLimits;
  readonly calls: PickleObject[] = [];
  #stack: PickleValue[] = [];
  /** The stacks below each mark, innermost last. */
  readonly #below: PickleValue[][] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(bytes: Uint8Array, limits: PickleLimits) {
    this.cursor = new PickleCursor(bytes);
    this.limits = limits;
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined) throw new Unreadable("it takes a value from an empty stack");
    return value;
  }

  peek(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined) throw new Unreadable("it looks at an empty stack");
    return value;
  }

  mark(): void {
    this.#below.push(this.#stack);
    this.#stack = [];
  }

  popMark(): PickleValue[] {
    const below = this.#below.pop();
    if (below === undefined) throw new Unreadable("it has no mark where one is needed");
    const items = this.#stack;
    this.#stack = below;
    return items;
  }

  /** Throws the top away, which may be a mark. */
  discard(): void {
    if (this.#stack.length > 0) this.#stack.pop();
    else this.popMark();
  }

  remember(index: number): void {
    this.#memo.set(index, this.peek());
  }

  rememberNext(): void {
    this.#memo.set(this.#memo.size, this.peek());
  }

  recall(index: number): PickleValue {
    const value = this.#memo.get(index);
    if (value === undefined) throw new Unreadable(`it refers to value ${index}, which it never stored`);
    return value;
  }

  /** Pushes what a call makes, and keeps the call. */
  pushCall(
    made: "new" | "call",
    callable: PickleValue,
    args: PickleValue,
    keywords: PickleValue | null,
  ): void {
    const call: PickleObject = {
      kind: "object",
      made,
      callable,
      args,
      keywords,
      states: [],
      items: [],
      entries: [],
    };
    this.calls.push(call);
    this.push(call);
  }
}

/** What one opcode does to the machine; its argument is read from the machine's cursor. */
export type Operation = (machine: PickleMachine) => void;

/** Opcodes by their one-character code, as `pickletools` lists them. */
export type Operations = Readonly<Record<string, Operation>>;
