/** Kinds of HTTP/2's frames (RFC 9113, section 6). */
export const Http2Frame = {
  data: 0,
  headers: 1,
  priority: 2,
  resetStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const Http2Flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;

export const Http2Setting = { maxStreams: 3, initialWindow: 4, maxFrame: 5 } as const;

export const Http2Error = { none: 0, protocol: 1, flowControl: 3, refused: 7 } as const;

/** What a client says first. */
export const clientPreface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Bytes before a frame's content. */
export const http2HeadBytes = 9;

/** What stands before a frame's content. */
export function http2Head(length: number, kind: number, flags: number, stream: number): Buffer {
  const head = Buffer.allocUnsafe(http2HeadBytes);
  head.writeUIntBE(length, 0, 3);
  head[3] = kind;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return head;
}

/** A whole frame. */
export function http2Frame(kind: number, flags: number, stream: number, content: Uint8Array): Buffer {
  return Buffer.concat([http2Head(content.length, kind, flags, stream), content]);
}

/** A frame whose content is one number of 32 bits. */
export function http2NumberFrame(kind: number, stream: number, number: number): Buffer {
  const content = Buffer.alloc(4);
  content.writeUInt32BE(number);
  return http2Frame(kind, 0, stream, content);
}

/** Settings as a frame. */
export function http2Settings(settings: readonly (readonly [setting: number, value: number])[]): Buffer {
  const content = Buffer.alloc(settings.length * 6);
  for (const [index, [setting, value]] of settings.entries()) {
    content.writeUInt16BE(setting, index * 6);
    content.writeUInt32BE(value, index * 6 + 2);
  }
  return http2Frame(Http2Frame.settings, 0, 0, content);
}

/** Headers that a client shall not remember, as HPACK writes them: none needs a table. */
export function http2Headers(headers: readonly (readonly [name: string, value: string])[]): Buffer {
  // First of all, that the table has no room: a client may have asked for a smaller one.
  const parts: Uint8Array[] = [Buffer.of(0x20)];
  for (const [name, value] of headers) parts.push(Buffer.of(0), hpackText(name), hpackText(value));
  return Buffer.concat(parts);
}

function hpackText(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  const length: number[] = [];
  let rest = bytes.length - 0x7f;
  if (rest < 0) length.push(bytes.length);
  else {
    length.push(0x7f);
    for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
    length.push(rest);
  }
  return Buffer.concat([Uint8Array.from(length), bytes]);
}
