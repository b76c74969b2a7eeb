import type { Operations } from "./pickle-machine.js";
import { readTextIndex } from "./text-numbers.js";
import { Unreadable } from "./unreadable.js";

const HIGHEST_PROTOCOL = 5;

/** The header, the frames, the marks and the memo. */
export const stackOperations: Operations = {
  // PROTO
  "\x80": (machine) => {
    const protocol = machine.cursor.readUint8();
    if (protocol > HIGHEST_PROTOCOL) throw new Unreadable(`it is of protocol ${protocol}, newer than 5`);
  },
  // FRAME: a hint for buffering, but never longer than what follows
  "\x95": (machine) => machine.cursor.expect(machine.cursor.readLength64()),
  // MARK
  "(": (machine) => machine.mark(),
  // POP
  "0": (machine) => machine.discard(),
  // POP_MARK
  "1": (machine) => {
    machine.popMark();
  },
  // DUP
  "2": (machine) => machine.push(machine.peek()),
  // PUT
  p: (machine) => machine.remember(readTextIndex(machine.cursor)),
  // BINPUT
  q: (machine) => machine.remember(machine.cursor.readUint8()),
  // LONG_BINPUT
  r: (machine) => machine.remember(machine.cursor.readUint32()),
  // MEMOIZE
  "\x94": (machine) => machine.rememberNext(),
  // GET
  g: (machine) => machine.push(machine.recall(readTextIndex(machine.cursor))),
  // BINGET
  h: (machine) => machine.push(machine.recall(machine.cursor.readUint8())),
  // LONG_BINGET
  j: (machine) => machine.push(machine.recall(machine.cursor.readUint32())),
};
