import type { Operation, Operations, PickleMachine } from "./pickle-machine.js";
import type { PickleValue } from "./pickle-value.js";
import { decodeLong, parseTextFloat, parseTextInteger } from "./text-numbers.js";
import { decodeQuoted, decodeRawUnicode, requireAscii } from "./text-strings.js";
import { Unreadable } from "./unreadable.js";

const none: PickleValue = { kind: "none" };
const yes: PickleValue = { kind: "bool", value: true };
const no: PickleValue = { kind: "bool", value: false };

/** `None`, booleans, numbers, strings and bytes. */
export const scalarOperations: Operations = {
  // NONE, NEWTRUE, NEWFALSE
  N: (machine) => machine.push(none),
  "\x88": (machine) => machine.push(yes),
  "\x89": (machine) => machine.push(no),

  // INT, in which protocol 0 also writes the booleans
  I: (machine) => {
    const line = machine.cursor.readLine();
    if (line === "01") machine.push(yes);
    else if (line === "00") machine.push(no);
    else pushTextInteger(machine, line);
  },
  // LONG
  L: (machine) => pushTextInteger(machine, machine.cursor.readLine()),
  // BININT, BININT1, BININT2
  J: (machine) => pushInteger(machine, BigInt(machine.cursor.readInt32())),
  K: (machine) => pushInteger(machine, BigInt(machine.cursor.readUint8())),
  M: (machine) => pushInteger(machine, BigInt(machine.cursor.readUint16())),
  // LONG1, LONG4
  "\x8a": (machine) => pushLong(machine, machine.cursor.readUint8()),
  "\x8b": (machine) => pushLong(machine, machine.cursor.readInt32()),

  // FLOAT, BINFLOAT
  F: (machine) => machine.push({ kind: "float", value: parseTextFloat(machine.cursor.readLine()) }),
  G: (machine) => machine.push({ kind: "float", value: machine.cursor.readDouble() }),

  // STRING, BINSTRING, SHORT_BINSTRING
  S: (machine) => pushString(machine, decodeQuoted(machine.cursor.readLine())),
  T: (machine) => pushOldString(machine, machine.cursor.readInt32()),
  U: (machine) => pushOldString(machine, machine.cursor.readUint8()),
  // UNICODE
  V: (machine) => pushString(machine, decodeRawUnicode(machine.cursor.readLine())),
  // SHORT_BINUNICODE, BINUNICODE, BINUNICODE8
  "\x8c": (machine) => pushString(machine, machine.cursor.readUtf8(machine.cursor.readUint8())),
  X: (machine) => pushString(machine, machine.cursor.readUtf8(machine.cursor.readUint32())),
  "\x8d": (machine) => pushString(machine, machine.cursor.readUtf8(machine.cursor.readLength64())),

  // SHORT_BINBYTES, BINBYTES, BINBYTES8, BYTEARRAY8
  C: pushBytes("bytes", (machine) => machine.cursor.readUint8()),
  B: pushBytes("bytes", (machine) => machine.cursor.readUint32()),
  "\x8e": pushBytes("bytes", (machine) => machine.cursor.readLength64()),
  "\x96": pushBytes("bytearray", (machine) => machine.cursor.readLength64()),
};

function pushInteger(machine: PickleMachine, value: bigint): void {
  machine.push({ kind: "int", value });
}

function pushTextInteger(machine: PickleMachine, line: string): void {
  pushInteger(machine, parseTextInteger(line, machine.limits.integerBytes));
}

function pushLong(machine: PickleMachine, length: number): void {
  requireLength(length);
  if (length > machine.limits.integerBytes) throw new Unreadable("it has an integer that is too long");
  pushInteger(machine, decodeLong(machine.cursor.readBytes(length)));
}

function pushString(machine: PickleMachine, value: string): void {
  machine.push({ kind: "str", value });
}

function pushOldString(machine: PickleMachine, length: number): void {
  requireLength(length);
  pushString(machine, requireAscii(machine.cursor.readBytes(length).toString("latin1")));
}

function requireLength(length: number): void {
  if (length < 0) throw new Unreadable("it has a negative length");
}

function pushBytes(kind: "bytes" | "bytearray", readLength: (machine: PickleMachine) => number): Operation {
  return (machine) => machine.push({ kind, value: machine.cursor.readBytes(readLength(machine)) });
}
