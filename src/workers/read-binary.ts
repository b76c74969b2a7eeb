import { open } from "node:fs/promises";
import { type MachineKind, nameMachine } from "./machine-names.js";

/** What a program's file says of itself. */
export interface BinaryKind {
  readonly machine: MachineKind;
  /** The dynamic loader that starts it; null for one that needs none. */
  readonly loader: string | null;
}

/** ELF's numbers of operating systems (e_ident) and machines (e_machine); most programs for Linux say 0 or 3. */
const elfSystems: Readonly<Record<number, string>> = {
  2: "netbsd",
  6: "solaris",
  9: "freebsd",
  12: "openbsd",
};
const elfMachines: Readonly<Record<number, string>> = {
  3: "386",
  8: "mips",
  20: "ppc",
  21: "ppc64",
  22: "s390x",
  40: "arm",
  62: "amd64",
  183: "arm64",
  243: "riscv64",
  258: "loong64",
};
/** Mach-O's numbers of processors. */
const machProcessors: Readonly<Record<number, string>> = { 7: "386", 16777223: "amd64", 16777228: "arm64" };
const interpreterSegment = 3;
/** Enough for the header and the segments of any linker. */
const headLength = 4_096;

/** Reads for which machine a program is, by its header; null for a script, or whatever else it is. */
export async function readBinary(path: string): Promise<BinaryKind | null> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headLength), 0, headLength, 0);
    return readHeader(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function readHeader(head: Buffer): BinaryKind | null {
  if (head.length < 20) return null;
  if (head.toString("latin1", 0, 4) === "\x7fELF") return readElf(head);
  const magic = head.readUInt32LE(0);
  if (magic === 0xfeedface || magic === 0xfeedfacf) {
    return { machine: nameMachine("darwin", machProcessors[head.readUInt32LE(4)] ?? ""), loader: null };
  }
  // A program for several processors: its header is the other way round.
  if (head.readUInt32BE(0) === 0xcafebabe) return { machine: nameMachine("darwin", ""), loader: null };
  if (head.toString("latin1", 0, 2) === "MZ") return { machine: nameMachine("windows", ""), loader: null };
  return null;
}

function readElf(head: Buffer): BinaryKind {
  const isLittle = head[5] !== 2;
  const number = isLittle ? head.readUInt16LE(18) : head.readUInt16BE(18);
  const name = elfMachines[number] ?? `machine ${number}`;
  const machine = nameMachine(
    elfSystems[head[7]!] ?? "linux",
    isLittle && name === "ppc64" ? "ppc64le" : name,
  );
  return { machine, loader: isLittle && head[4] === 2 ? readLoader(head) : null };
}

// Of 64-bit programs, whose segments begin right behind the header.
function readLoader(head: Buffer): string | null {
  if (head.length < 64) return null;
  const start = Number(head.readBigUInt64LE(32));
  const size = head.readUInt16LE(54);
  for (let index = 0; index < head.readUInt16LE(56); index++) {
    const at = start + index * size;
    if (at + 56 > head.length) return null;
    if (head.readUInt32LE(at) !== interpreterSegment) continue;
    const from = Number(head.readBigUInt64LE(at + 8));
    const length = Number(head.readBigUInt64LE(at + 32));
    const text = head.toString("utf8", from, from + length).replace(/\0.*$/su, "");
    return text === "" ? null : text;
  }
  return null;
}
