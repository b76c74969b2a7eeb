import { decodeUtf8 } from "./pickle-cursor.js";
import type { Operations, PickleMachine } from "./pickle-machine.js";
import { Unreadable } from "./unreadable.js";

/** Names in modules, calls, instances and their state. Nothing is looked up or called. */
export const objectOperations: Operations = {
  // GLOBAL
  c: (machine) => pushGlobal(machine, readName(machine), readName(machine)),
  // STACK_GLOBAL
  "\x93": (machine) => {
    const name = machine.pop();
    const module = machine.pop();
    if (name.kind !== "str" || module.kind !== "str")
      throw new Unreadable("it names a global without a string");
    pushGlobal(machine, module.value, name.value);
  },

  // REDUCE
  R: (machine) => {
    const args = machine.pop();
    machine.pushCall("call", machine.pop(), args, null);
  },
  // NEWOBJ
  "\x81": (machine) => {
    const args = machine.pop();
    machine.pushCall("new", machine.pop(), args, null);
  },
  // NEWOBJ_EX
  "\x92": (machine) => {
    const keywords = machine.pop();
    const args = machine.pop();
    machine.pushCall("new", machine.pop(), args, keywords);
  },
  // INST
  i: (machine) => {
    const module = readName(machine);
    const name = readName(machine);
    const items = machine.popMark();
    machine.pushCall("call", { kind: "global", module, name }, { kind: "tuple", items }, null);
  },
  // OBJ
  o: (machine) => {
    const [callable, ...items] = machine.popMark();
    if (callable === undefined) throw new Unreadable("it makes an instance of nothing");
    machine.pushCall("call", callable, { kind: "tuple", items }, null);
  },

  // BUILD
  b: (machine) => {
    const state = machine.pop();
    const target = machine.peek();
    if (target.kind !== "object") throw new Unreadable(`it sets the state of a ${target.kind}`);
    target.states.push(state);
  },
};

function pushGlobal(machine: PickleMachine, module: string, name: string): void {
  machine.push({ kind: "global", module, name });
}

function readName(machine: PickleMachine): string {
  return decodeUtf8(Buffer.from(machine.cursor.readLine(), "latin1"));
}
