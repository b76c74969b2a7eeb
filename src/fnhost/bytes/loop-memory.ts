import { plainLoopsCode } from "./plain-loops-wasm.js";

/** The loops of loops/plain-elements.ts; addresses are those of their memory. */
export interface PlainLoops {
  writePlain(
    head: number,
    headLength: number,
    offsets: number,
    values: number,
    valueBytes: number,
    start: number,
    end: number,
    out: number,
    room: number,
    fullAt: number,
  ): number;
  readPlain(
    elements: number,
    end: number,
    out: number,
    room: number,
    ends: number,
    first: number,
    most: number,
    rowBytes: number,
    fullAt: number,
  ): number;
  readonly place: { readonly value: number };
  readonly count: { readonly value: number };
}

/** The memory that the loops work in, and parts of it that are used within one call. */
export interface LoopMemory {
  readonly loops: PlainLoops;
  readonly buffer: ArrayBuffer;
  /** What stands before each element. */
  readonly head: Uint8Array;
  /** Where values end. */
  readonly ends: Int32Array;
  /** Elements that lie in other memory come here first. */
  readonly window: Uint8Array;
  /** Where the rest begins, which has `restBytes`. */
  readonly rest: number;
}

/** Bytes of the memory's rest. */
export const restBytes = 272 << 20;

const pageBytes = 1 << 16;
const headStart = 64;
const headBytes = 256;
const endsStart = headStart + headBytes;
const mostEnds = 1 << 15;
const windowStart = endsStart + mostEnds * 4;
const windowBytes = 256 << 10;

/** As much of WebAssembly as is used here: Node's types have it only with those of a browser. */
interface WebAssemblyParts {
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const { Memory, Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyParts }).WebAssembly;

let made: LoopMemory | null | undefined;

/**
 * The memory of the process, made when it is wanted first. It doesn't grow, as all arrays in it would be gone then: what
 * nobody has used yet takes no memory of the machine.
 *
 * @returns null where the process may not have as many addresses
 */
export function loopMemory(): LoopMemory | null {
  if (made === undefined) made = makeMemory();
  return made;
}

function makeMemory(): LoopMemory | null {
  const rest = Math.ceil((windowStart + windowBytes) / pageBytes) * pageBytes;
  const pages = Math.ceil((rest + restBytes) / pageBytes);
  let memory: { readonly buffer: ArrayBuffer };
  try {
    memory = new Memory({ initial: pages, maximum: pages });
  } catch {
    return null;
  }
  const { exports } = new Instance(new Module(Buffer.from(plainLoopsCode, "base64")), { env: { memory } });
  const { buffer } = memory;
  return {
    loops: exports as PlainLoops,
    buffer,
    head: new Uint8Array(buffer, headStart, headBytes),
    ends: new Int32Array(buffer, endsStart, mostEnds),
    window: new Uint8Array(buffer, windowStart, windowBytes),
    rest,
  };
}
