/**
 * Bytes that nobody reads before they are written, so that they need not be zero. They are no Buffer, whose `slice` is
 * no copy: what is to outlive memory that is used again must be one.
 */
export function allocateUnfilled(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
}
