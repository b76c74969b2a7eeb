/** The first byte of a protobuf `BytesValue`: field 1, length-delimited. Base64 and pickles never begin so. */
const FIELD_1 = 0x0a;

/**
 * The content of a `google.protobuf.BytesValue` where the bytes are exactly one, else the bytes themselves. Read
 * here by hand, so that this folder depends on nothing.
 */
export function unwrapBytesValue(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== FIELD_1) return bytes;
  let length = 0;
  for (let index = 1; index <= 5; index++) {
    const byte = bytes[index];
    if (byte === undefined) return bytes;
    length += (byte & 0x7f) * 128 ** (index - 1);
    if (byte >= 0x80) continue;
    const content = bytes.subarray(index + 1);
    return content.length === length ? content : bytes;
  }
  return bytes;
}
