import { inflateSync } from "node:zlib";
import { decompressBzip2 } from "./decompress-bzip2.js";
import { defaultPickleLimits, type PickleLimits } from "./pickle-limits.js";
import type { PickleDocument, UnreadablePickle } from "./pickle-value.js";
import { readPickle } from "./read-pickle.js";
import { Unreadable } from "./unreadable.js";
import { unwrapBytesValue } from "./unwrap-bytes-value.js";

/** The pickle inside a payload, or why there is none. */
export type PythonPayload = { readonly readable: true; readonly pickle: Uint8Array } | UnreadablePickle;

/**
 * Takes a payload of the Python SDK and gives the pickle inside. The SDK writes base64 of a pickle compressed by
 * bzip2 or zlib, some payloads with a protobuf `BytesValue` around (FunctionSpecs of CombineFns and sources,
 * not of DoFns); a bare pickle is taken too. It never throws; sizes are bounded by `limits.bytes`.
 */
export function decodePythonPayload(
  payload: Uint8Array,
  limits: PickleLimits = defaultPickleLimits,
): PythonPayload {
  if (payload.length > limits.bytes) return { readable: false, reason: `it is over ${limits.bytes} bytes` };
  try {
    const content = decodeBase64(unwrapBytesValue(payload));
    return { readable: true, pickle: decompress(content, limits.bytes) };
  } catch (error) {
    if (error instanceof Unreadable) return { readable: false, reason: error.message };
    throw error;
  }
}

/** `decodePythonPayload` and `readPickle` in one. */
export function readPythonPayload(
  payload: Uint8Array,
  limits: PickleLimits = defaultPickleLimits,
): PickleDocument {
  const decoded = decodePythonPayload(payload, limits);
  return decoded.readable ? readPickle(decoded.pickle, limits) : decoded;
}

/** The bytes of base64 text, or the bytes themselves where they are something else. */
function decodeBase64(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 4 !== 0) return bytes;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, "base64") : bytes;
}

function decompress(bytes: Uint8Array, limit: number): Uint8Array {
  const first = bytes[0];
  if (first === 0x42 && bytes[1] === 0x5a && bytes[2] === 0x68) return decompressBzip2(bytes, limit);
  if (first === 0x78) return inflate(bytes, limit);
  if (first === 0x80) return bytes;
  throw new Unreadable("it is neither a pickle nor a compressed one");
}

function inflate(bytes: Uint8Array, limit: number): Uint8Array {
  try {
    return inflateSync(bytes, { maxOutputLength: limit });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ERR_BUFFER_TOO_LARGE") throw new Unreadable(`it unpacks to over ${limit} bytes`);
    if (typeof code === "string" && code.startsWith("Z_"))
      throw new Unreadable("its compressed bytes are damaged");
    throw error;
  }
}
