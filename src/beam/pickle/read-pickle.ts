import { containerOperations } from "./container-operations.js";
import { measureDepth } from "./measure-depth.js";
import { objectOperations } from "./object-operations.js";
import { defaultPickleLimits, type PickleLimits } from "./pickle-limits.js";
import { type Operation, PickleMachine } from "./pickle-machine.js";
import type { PickleDocument } from "./pickle-value.js";
import { refusedOperations } from "./refused-operations.js";
import { scalarOperations } from "./scalar-operations.js";
import { stackOperations } from "./stack-operations.js";
import { Unreadable } from "./unreadable.js";

const STOP = 0x2e;

const operations: readonly (Operation | undefined)[] = tabulate([
  scalarOperations,
  containerOperations,
  objectOperations,
  stackOperations,
  refusedOperations,
]);

/**
 * Reads a Python pickle of protocol 0 to 5 symbolically: no name is imported, nothing is called, and no byte of
 * it is trusted. Takes the pickle's bytes and gives its values as a graph, or the reason why they can't be
 * read; it never throws, and its time and memory are linear in the input. Bytes after the end are ignored, as
 * Python does. The opcodes are those of Python's `pickletools`.
 */
export function readPickle(bytes: Uint8Array, limits: PickleLimits = defaultPickleLimits): PickleDocument {
  if (bytes.length > limits.bytes) return { readable: false, reason: `it is over ${limits.bytes} bytes` };
  const machine = new PickleMachine(bytes, limits);
  try {
    run(machine);
    const value = machine.pop();
    measureDepth(value, limits.depth);
    return { readable: true, value, calls: machine.calls };
  } catch (error) {
    if (error instanceof Unreadable) return { readable: false, reason: error.message };
    throw error;
  }
}

function run(machine: PickleMachine): void {
  for (let count = 0; ; count++) {
    if (count === machine.limits.operations) throw new Unreadable(`it has over ${count} operations`);
    const code = machine.cursor.readUint8();
    if (code === STOP) return;
    const operation = operations[code];
    if (operation === undefined) {
      throw new Unreadable(`byte ${machine.cursor.position - 1} is ${code}, which is no opcode`);
    }
    operation(machine);
  }
}

function tabulate(groups: readonly Readonly<Record<string, Operation>>[]): (Operation | undefined)[] {
  const table = new Array<Operation | undefined>(256).fill(undefined);
  for (const group of groups) {
    for (const [code, operation] of Object.entries(group)) table[code.charCodeAt(0)] = operation;
  }
  return table;
}
