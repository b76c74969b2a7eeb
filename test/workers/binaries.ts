/** The header of an ELF program, with a loader where one is named. */
export function elfProgram(machine: number, loader: string | null = null): Buffer {
  const file = Buffer.alloc(256);
  file.write("\x7fELF", "latin1");
  file.set([2, 1, 1, 0], 4);
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(machine, 18);
  if (loader === null) return file;
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(3, 64);
  file.writeBigUInt64LE(128n, 64 + 8);
  file.writeBigUInt64LE(BigInt(loader.length + 1), 64 + 32);
  file.write(loader, 128);
  return file;
}

/** The header of a Mach-O program for Apple's processors. */
export function appleProgram(): Buffer {
  const file = Buffer.alloc(64);
  file.writeUInt32LE(0xfeedfacf, 0);
  file.writeUInt32LE(0x0100000c, 4);
  return file;
}

/** ELF's numbers of machines. */
export const elfMachine = { amd64: 62, arm64: 183, s390x: 22 } as const;
