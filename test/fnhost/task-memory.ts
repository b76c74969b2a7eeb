import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { Draft } from "../../src/beam/protos/message-type.js";
import { SharedMemory } from "../../src/beam/protos/types/link.js";
import { findPackageRoot } from "../../src/package-root.js";

/** Where the memory's parts are, as `SharedRows` has them. */
const acceptedAt = 16;
const marksAt = 17;
const headBytes = 4096;

/** A process that holds tasks' memory. */
export type MemoryHolder = ChildProcessByStdio<Writable, Readable, null>;

/** Starts it; it has to be killed. */
export function holdMemory(): MemoryHolder {
  const root = findPackageRoot();
  return spawn(join(root, ".venv/bin/python"), [join(root, "test/fnhost/hold_memory.py")], {
    env: { ...process.env, PYTHONPATH: join(root, "templates/pyspark") },
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/** The memory of a task in Python, as a test drives it: it does what the task would do, and what none would. */
export class TaskMemory {
  readonly #file: number;
  /** What the task offers. */
  readonly offer: SharedMemory;

  private constructor(offer: SharedMemory) {
    this.offer = offer;
    this.#file = openSync(`/proc/${offer.process}/fd/${offer.fileDescriptor}`, "r+");
  }

  /** @param holder is asked for the memory, and holds it until it is ended */
  static async create(holder: MemoryHolder): Promise<TaskMemory> {
    holder.stdin.write("\n");
    const [said] = (await once(holder.stdout, "data")) as [Buffer];
    return new TaskMemory(SharedMemory.decode(Buffer.from(said.toString().trim(), "hex")));
  }

  close(): void {
    closeSync(this.#file);
  }

  get isAccepted(): boolean {
    return this.#read(acceptedAt, 1)[0] === 1;
  }

  /** Of each slot whether it is taken; those for rows to the host come first. */
  get marks(): Buffer {
    return this.#read(marksAt, this.offer.hostSlots + this.offer.taskSlots);
  }

  /** Marks a slot for rows to the task. */
  mark(slot: number, isTaken: boolean): void {
    writeSync(this.#file, Uint8Array.of(Number(isTaken)), 0, 1, marksAt + this.offer.hostSlots + slot);
  }

  /** Writes rows to a slot. @returns their place */
  put(slot: number, rows: Uint8Array): Uint8Array {
    writeSync(this.#file, rows, 0, rows.length, headBytes + slot * this.offer.hostSlotBytes);
    writeSync(this.#file, Uint8Array.of(1), 0, 1, marksAt + slot);
    return placeOf(slot, rows.length);
  }

  /** The rows at a place; their slot stays taken. */
  read(place: Uint8Array): Uint8Array {
    const { hostSlots, hostSlotBytes, taskSlotBytes } = this.offer;
    const start = headBytes + hostSlots * hostSlotBytes + place[0]! * taskSlotBytes;
    return this.#read(start, Buffer.from(place).readUInt32LE(1));
  }

  /** Changes its size. */
  cut(size: number): void {
    ftruncateSync(this.#file, size);
  }

  /** The offer, with changes. */
  encodeOffer(changes: Partial<Exclude<Draft<SharedMemory>, Uint8Array>> = {}): Uint8Array {
    return SharedMemory.encode({ ...this.offer, ...changes });
  }

  #read(start: number, size: number): Buffer {
    const bytes = Buffer.alloc(size);
    readSync(this.#file, bytes, 0, size, start);
    return bytes;
  }
}

/** Says that so many bytes lie in a slot. */
export function placeOf(slot: number, size: number): Uint8Array {
  const place = Buffer.alloc(5);
  place[0] = slot;
  place.writeUInt32LE(size, 1);
  return place;
}
