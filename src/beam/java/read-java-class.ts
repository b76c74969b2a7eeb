import { decompressSnappy } from "./decompress-snappy.js";

/** What a serialized Java object is of. */
export interface JavaClass {
  /** With its package; `$` before the name of a nested class. */
  readonly name: string;
  /** The object has no fields, in its class or those above it: all such objects are the same. */
  readonly isPlain: boolean;
}

/** The stream's magic number and version, and the codes of an object and its class (Java's serialization protocol). */
const start = Buffer.from([0xac, 0xed, 0x00, 0x05, 0x73]);
const code = { classDescription: 0x72, null: 0x70, endOfBlock: 0x78 } as const;
/** The class is serializable and has no method of its own that writes its objects. */
const WRITTEN_BY_DEFAULT = 2;

/**
 * Reads of what class the object is that Beam's Java SDK has serialized and compressed, from the descriptions of
 * classes at the front of the stream. Null where it can't be read. Never throws, and makes no object.
 */
export function readJavaClass(payload: Uint8Array): JavaClass | null {
  const stream = decompressSnappy(payload);
  if (stream === null) return null;
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  if (!bytes.subarray(0, start.length).equals(start)) return null;
  const first = readDescription(bytes, start.length);
  if (first === null) return null;
  let description: Description | null = first;
  while (description?.isPlain) {
    const next: number = description.end;
    if (bytes[next] === code.null) return { name: first.name, isPlain: next + 1 === bytes.length };
    description = readDescription(bytes, next);
  }
  return { name: first.name, isPlain: false };
}

interface Description {
  readonly name: string;
  readonly isPlain: boolean;
  /** Where the class above it is described; only known of plain ones. */
  readonly end: number;
}

/** A class: its name, eight bytes of version, flags, and how many fields it has. */
function readDescription(bytes: Buffer, at: number): Description | null {
  if (bytes[at] !== code.classDescription || at + 3 > bytes.length) return null;
  const nameEnd = at + 3 + bytes.readUInt16BE(at + 1);
  if (nameEnd + 12 > bytes.length) return null;
  const isPlain =
    bytes[nameEnd + 8] === WRITTEN_BY_DEFAULT &&
    bytes.readUInt16BE(nameEnd + 9) === 0 &&
    bytes[nameEnd + 11] === code.endOfBlock;
  return { name: bytes.toString("utf8", at + 3, nameEnd), isPlain, end: nameEnd + 12 };
}
