import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  writeSync,
  writevSync,
} from "node:fs";
import type { SharedMemory } from "../../beam/protos/types/link.js";

/** What Linux calls memory of a task (`memfd_create`). */
const memoryName = "/memfd:beam2spark-rows (deleted)";

/** The memory begins with what the task has called its token. */
const tokenBytes = 16;
/** Then a byte that is 1 once the host has accepted the memory. */
const acceptedAt = tokenBytes;
/** Then one for each slot, 0 where it is free: who writes rows there sets it to 1, who has read them sets it back. */
const marksAt = acceptedAt + 1;
/** The slots follow: first those for rows to the host, then those for rows to the task. */
const headBytes = 4096;

const mostSlots = 64;
const largestSlot = 4 << 20;

/** Bytes that say where rows lie: the number of a slot (one byte) and the size (32 bits, the lowest byte first). */
const placeBytes = 5;

const one = Uint8Array.of(1);
const zero = Uint8Array.of(0);

/** Memory that was accepted. */
interface AcceptedMemory {
  readonly file: number;
  readonly slots: Omit<SharedMemory, "process" | "fileDescriptor" | "token">;
}

/**
 * Memory through which rows go between a task and the host, where the task has offered it; over the socket go their
 * places. A socket costs more than its copies: it takes a large frame in many small pieces, and wakes the other side
 * for each.
 *
 * The memory is a file without a name that both sides have open, and that they read and write at positions. Were it
 * mapped, a file that is cut would be a signal, which ends the host with all of its tasks.
 * Nobody ever waits for a slot: what can't be put into one goes over the socket.
 */
export class SharedRows {
  #memory: AcceptedMemory | null = null;

  /**
   * Opens what a task offers. Where that is not the memory that it means, as numbers of processes mean others in
   * another container, rows go over the socket.
   *
   * Errors: an Error where memory was accepted before.
   */
  accept(offer: SharedMemory): void {
    if (this.#memory !== null) throw new Error("a task offers its memory once");
    const file = openMemory(offer);
    if (file !== null) this.#memory = { file, slots: offer };
  }

  /**
   * Reads rows from their slot, which is free then.
   *
   * @param room gives memory for so many bytes
   * @returns the rows, in the room. Errors: an Error for a place that there is not.
   */
  take(place: Uint8Array, room: (size: number) => Uint8Array): Uint8Array {
    if (this.#memory === null) throw new Error("rows lie in memory that was not accepted");
    if (place.length !== placeBytes) throw new Error(`rows lie at a place of ${place.length} bytes`);
    const { file, slots } = this.#memory;
    const slot = place[0]!;
    const size = new DataView(place.buffer, place.byteOffset).getUint32(1, true);
    if (slot >= slots.hostSlots || size > slots.hostSlotBytes)
      throw new Error(`${size} bytes of rows lie in slot ${slot}, where they can't`);
    const into = room(size);
    if (readSync(file, into, 0, size, headBytes + slot * slots.hostSlotBytes) !== size)
      throw new Error("the memory that rows lie in was cut");
    writeSync(file, zero, 0, 1, marksAt + slot);
    return into;
  }

  /** Writes rows, in parts, to a slot. @returns their place; null where they fit none that is free */
  put(parts: readonly Uint8Array[]): Uint8Array | null {
    if (this.#memory === null) return null;
    const { file, slots } = this.#memory;
    const size = parts.reduce((sum, { length }) => sum + length, 0);
    if (size > slots.taskSlotBytes) return null;
    const marks = new Uint8Array(slots.taskSlots);
    readSync(file, marks, 0, marks.length, marksAt + slots.hostSlots);
    // The first one: it is likely to be in the processor's cache, and slots that are never used take no memory.
    const slot = marks.indexOf(0);
    if (slot < 0) return null;
    const start = headBytes + slots.hostSlots * slots.hostSlotBytes + slot * slots.taskSlotBytes;
    if (!writeWhole(file, parts, size, start)) return null;
    writeSync(file, one, 0, 1, marksAt + slots.hostSlots + slot);
    const place = new Uint8Array(placeBytes);
    place[0] = slot;
    new DataView(place.buffer).setUint32(1, size, true);
    return place;
  }

  /** Lets the memory go; it may be called again. */
  close(): void {
    if (this.#memory !== null) closeSync(this.#memory.file);
    this.#memory = null;
  }
}

/** Opens a task's memory, and marks it as accepted. @returns its descriptor; null where it isn't what the task says */
function openMemory(offer: SharedMemory): number | null {
  const { hostSlots, hostSlotBytes, taskSlots, taskSlotBytes } = offer;
  if (![hostSlots, taskSlots].every((slots) => slots >= 1 && slots <= mostSlots)) return null;
  if (![hostSlotBytes, taskSlotBytes].every((bytes) => bytes >= 1 && bytes <= largestSlot)) return null;
  const size = headBytes + hostSlots * hostSlotBytes + taskSlots * taskSlotBytes;
  const path = `/proc/${offer.process}/fd/${offer.fileDescriptor}`;
  let file: number | null = null;
  try {
    // Opening anything else might wait, or be noticed.
    if (readlinkSync(path) !== memoryName) return null;
    file = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    if (isMemory(file, size, offer.token)) {
      writeSync(file, one, 0, 1, acceptedAt);
      return file;
    }
  } catch {
    // There is no such process or file, or it is not for this user.
  }
  if (file !== null) closeSync(file);
  return null;
}

function isMemory(file: number, size: number, token: Uint8Array): boolean {
  const stat = fstatSync(file);
  const found = Buffer.alloc(tokenBytes);
  readSync(file, found, 0, tokenBytes, 0);
  return stat.isFile() && stat.size === size && found.equals(token);
}

/** @returns false where the system has no memory for all of it */
function writeWhole(file: number, parts: readonly Uint8Array[], size: number, start: number): boolean {
  try {
    return writevSync(file, parts, start) === size;
  } catch {
    return false;
  }
}
