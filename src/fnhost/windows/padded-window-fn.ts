import { FunctionSpec } from "../../beam/protos/types/function-spec.js";
import { ByteReader } from "../bytes/byte-reader.js";
import { ByteWriter } from "../bytes/byte-writer.js";

const pickledWindowFn = "beam:window_fn:pickled_python:v1";

/** The tag of the value in a `google.protobuf.BytesValue`. */
const valueTag = 0x0a;

/**
 * A window function as its SDK reads it in order to merge windows. Python's reads the payload as base64, but leaves
 * the message on that is around it: what is no letter of base64 it passes over, and so the length of the message may
 * be none. Line feeds at the end change the length, and nothing else for whoever reads it.
 */
export function padWindowFn(spec: FunctionSpec): Uint8Array {
  const { urn, payload } = spec;
  if (urn !== pickledWindowFn || payload[0] !== valueTag) return FunctionSpec.encode(spec);
  const source = new ByteReader(payload, 1);
  const length = source.length();
  const start = source.skip(length);
  const out = new ByteWriter(payload.length + 1024);
  for (let padding = 0; ; padding++) {
    out.byte(valueTag);
    out.varint32(length + padding);
    if (!isBase64(out.peek().at(-1)!)) {
      out.range(payload, start, start + length);
      for (let pad = 0; pad < padding; pad++) out.byte(0x0a);
      return FunctionSpec.encode({ ...spec, payload: out.take() });
    }
    out.truncate();
  }
}

function isBase64(byte: number): boolean {
  return /[A-Za-z0-9+/=]/.test(String.fromCharCode(byte));
}
