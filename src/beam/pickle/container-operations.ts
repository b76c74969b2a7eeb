import type { Operations, PickleMachine } from "./pickle-machine.js";
import type { PickleEntry, PickleValue } from "./pickle-value.js";
import { Unreadable } from "./unreadable.js";

/** Tuples, lists, dicts and sets, and what is put into them. */
export const containerOperations: Operations = {
  // EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3, TUPLE
  ")": (machine) => machine.push({ kind: "tuple", items: [] }),
  "\x85": (machine) => pushTuple(machine, 1),
  "\x86": (machine) => pushTuple(machine, 2),
  "\x87": (machine) => pushTuple(machine, 3),
  t: (machine) => machine.push({ kind: "tuple", items: machine.popMark() }),

  // EMPTY_LIST, LIST, APPEND, APPENDS
  "]": (machine) => machine.push({ kind: "list", items: [] }),
  l: (machine) => machine.push({ kind: "list", items: machine.popMark() }),
  a: (machine) => appendTo(machine, [machine.pop()]),
  e: (machine) => appendTo(machine, machine.popMark()),

  // EMPTY_DICT, DICT, SETITEM, SETITEMS
  "}": (machine) => machine.push({ kind: "dict", entries: [] }),
  d: (machine) => machine.push({ kind: "dict", entries: pair(machine.popMark()) }),
  s: (machine) => {
    const value = machine.pop();
    setEntries(machine, [[machine.pop(), value]]);
  },
  u: (machine) => setEntries(machine, pair(machine.popMark())),

  // EMPTY_SET, ADDITEMS, FROZENSET
  "\x8f": (machine) => machine.push({ kind: "set", items: [] }),
  "\x90": (machine) => addTo(machine, machine.popMark()),
  "\x91": (machine) => machine.push({ kind: "frozenset", items: machine.popMark() }),
};

function pushTuple(machine: PickleMachine, length: number): void {
  const items: PickleValue[] = [];
  for (let index = 0; index < length; index++) items.push(machine.pop());
  machine.push({ kind: "tuple", items: items.reverse() });
}

function appendTo(machine: PickleMachine, items: readonly PickleValue[]): void {
  const target = machine.peek();
  if (target.kind !== "list" && target.kind !== "object") {
    throw new Unreadable(`it appends to a ${target.kind}`);
  }
  for (const item of items) target.items.push(item);
}

function addTo(machine: PickleMachine, items: readonly PickleValue[]): void {
  const target = machine.peek();
  if (target.kind !== "set" && target.kind !== "object") throw new Unreadable(`it adds to a ${target.kind}`);
  for (const item of items) target.items.push(item);
}

function setEntries(machine: PickleMachine, entries: readonly PickleEntry[]): void {
  const target = machine.peek();
  if (target.kind !== "dict" && target.kind !== "object") {
    throw new Unreadable(`it sets an item of a ${target.kind}`);
  }
  for (const entry of entries) target.entries.push(entry);
}

function pair(items: readonly PickleValue[]): PickleEntry[] {
  const entries: PickleEntry[] = [];
  for (let index = 0; index < items.length; index += 2) {
    const key = items[index];
    const value = items[index + 1];
    if (key === undefined || value === undefined) throw new Unreadable("it has a dict key without a value");
    entries.push([key, value]);
  }
  return entries;
}
