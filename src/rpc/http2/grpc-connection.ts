import type { Socket } from "node:net";
import { allocateUnfilled } from "../allocate-unfilled.js";
import { readDirectly } from "../read-directly.js";
import {
  clientPreface,
  Http2Error,
  Http2Flag,
  Http2Frame,
  Http2Setting,
  http2Frame,
  http2Head,
  http2HeadBytes,
  http2Headers,
  http2NumberFrame,
  http2Settings,
} from "./frames.js";
import { type CallEnd, GrpcStream, type MessageMemory, type StreamConnection } from "./grpc-stream.js";
import { HpackDecoder } from "./hpack-decoder.js";

/** Bytes that a client may send ahead of what is read. */
const windowBytes = 4 << 20;

/** So many bytes are read before the client is told: each time wakes it. */
const creditBytes = windowBytes / 2;

/** HTTP/2's own windows, before anybody says otherwise, and their limit. */
const usualWindow = 65_535;
const largestWindow = 2 ** 31 - 1;

/** Most bytes that are read in one go, and of a frame that must be whole. */
const inputBytes = 256 << 10;

/** Most bytes of one call's headers. */
const mostHeaderBytes = 64 << 10;

const mostStreams = 100;

/** Headers that have not come whole yet. */
interface OpenHeaders {
  readonly stream: number;
  readonly isEnd: boolean;
  readonly parts: Uint8Array[];
}

/**
 * One client's connection to a server of gRPC calls that stream bytes both ways: HTTP/2 (RFC 9113) as far as these use
 * it, without TLS.
 *
 * gRPC's library for Node can do all that this does, with new memory for each chunk, message and answer. That memory
 * and its collection take most of the time that elements of 1 KiB take on their way.
 */
export class GrpcConnection implements StreamConnection {
  readonly #socket: Socket;
  readonly #memory: MessageMemory;
  readonly #onCall: (call: GrpcStream) => void;
  readonly #hpack = new HpackDecoder();
  readonly #streams = new Map<number, GrpcStream>();
  #lastStream = 0;
  readonly #input = allocateUnfilled(inputBytes);
  #filled = 0;
  #hasPreface = false;
  #isLost = false;
  #openHeaders: OpenHeaders | null = null;
  /** What is left of the frame of data that is being read: of its data, and of what fills it up. */
  #dataStream = 0;
  #dataLeft = 0;
  #paddingLeft = 0;
  #dataIsEnd = false;
  #window = usualWindow;
  #streamWindow = usualWindow;
  #mostFrameBytes = 1 << 14;
  /** What has come since the client was told that it may send more, whether its streams have read it or not. */
  #uncredited = 0;

  /**
   * @param accepted a socket that was accepted, but not read
   * @param memory for the messages of its calls
   * @param onCall is told of each call
   */
  constructor(accepted: Socket, memory: MessageMemory, onCall: (call: GrpcStream) => void) {
    this.#memory = memory;
    this.#onCall = onCall;
    const socket = readDirectly(accepted, {
      room: () => this.#input.subarray(this.#filled),
      take: (count) => {
        this.#filled += count;
        this.#read();
        return true;
      },
    });
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("drain", () => {
      for (const stream of this.#streams.values()) stream.tellRoom();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      for (const stream of this.#streams.values()) stream.finish();
      this.#streams.clear();
    });
    const { maxStreams, initialWindow, maxFrame } = Http2Setting;
    socket.write(
      http2Settings([
        [maxStreams, mostStreams],
        [initialWindow, windowBytes],
        [maxFrame, windowBytes],
      ]),
    );
    socket.write(http2NumberFrame(Http2Frame.windowUpdate, 0, windowBytes - usualWindow));
  }

  /** Ends the connection, whatever is open on it. */
  cut(): void {
    this.#socket.destroy();
  }

  flush(stream: GrpcStream): void {
    const socket = this.#socket;
    socket.cork();
    while (stream.waitingBytes > 0) {
      const size = Math.min(stream.waitingBytes, stream.window, this.#window, this.#mostFrameBytes);
      if (size <= 0) break;
      stream.window -= size;
      this.#window -= size;
      socket.write(http2Head(size, Http2Frame.data, 0, stream.id));
      for (let left = size; left > 0; ) {
        const { bytes, onWritten } = stream.takePiece(left);
        socket.write(bytes, onWritten);
        left -= bytes.length;
      }
    }
    socket.uncork();
  }

  unsentBytes(): number {
    return this.#socket.writableLength;
  }

  credit(stream: GrpcStream, bytes: number): void {
    stream.uncredited += bytes;
    if (stream.uncredited < creditBytes) return;
    const ofStream = http2NumberFrame(Http2Frame.windowUpdate, stream.id, stream.uncredited);
    stream.uncredited = 0;
    // Both in one go: each wakes the client.
    const ofConnection = this.#takeUncredited();
    this.#socket.write(ofConnection === null ? ofStream : Buffer.concat([ofStream, ofConnection]));
  }

  end(stream: GrpcStream, { code, details }: CallEnd): void {
    if (!this.#streams.delete(stream.id)) return;
    const trailers = http2Headers([
      ["grpc-status", String(code)],
      ["grpc-message", encodeURI(details)],
    ]);
    this.#socket.write(
      http2Frame(Http2Frame.headers, Http2Flag.endHeaders | Http2Flag.endStream, stream.id, trailers),
    );
    // The client needs not go on.
    this.#socket.write(http2NumberFrame(Http2Frame.resetStream, stream.id, Http2Error.none));
  }

  reset({ id }: GrpcStream, code: number): void {
    this.#streams.delete(id);
    this.#socket.write(http2NumberFrame(Http2Frame.resetStream, id, code));
  }

  /** Lets the client send more, once it is enough. */
  #creditConnection(): void {
    if (this.#uncredited < creditBytes) return;
    const credit = this.#takeUncredited();
    if (credit !== null) this.#socket.write(credit);
  }

  /** A frame that lets the client send more; null where nothing has come, as none may say so. */
  #takeUncredited(): Buffer | null {
    if (this.#uncredited === 0) return null;
    const credit = http2NumberFrame(Http2Frame.windowUpdate, 0, this.#uncredited);
    this.#uncredited = 0;
    return credit;
  }

  /** Handles what has come as far as it can be; the rest goes to the front. */
  #read(): void {
    if (this.#isLost) this.#filled = 0;
    let at = 0;
    try {
      for (let next = this.#readPart(at); next > at; next = this.#readPart(at)) at = next;
    } catch {
      this.#fail();
      return;
    }
    this.#input.copyWithin(0, at, this.#filled);
    this.#filled -= at;
  }

  /** Tells the client that it has broken the protocol, and leaves. */
  #fail(): void {
    const content = Buffer.alloc(8);
    content.writeUInt32BE(this.#lastStream);
    content.writeUInt32BE(Http2Error.protocol, 4);
    this.#isLost = true;
    this.#filled = 0;
    this.#socket.end(http2Frame(Http2Frame.goAway, 0, 0, content), () => this.#socket.destroy());
  }

  /** Reads data, or a frame. @returns the place behind it, or the same while it isn't whole */
  #readPart(at: number): number {
    const input = Buffer.from(this.#input.buffer, at, this.#filled - at);
    if (!this.#hasPreface) {
      if (input.length < clientPreface.length) return at;
      if (!input.subarray(0, clientPreface.length).equals(clientPreface)) throw new Error("no HTTP/2");
      this.#hasPreface = true;
      return at + clientPreface.length;
    }
    if (this.#dataLeft > 0) {
      const end = Math.min(this.#filled, at + this.#dataLeft);
      return at + this.#readData(this.#input.subarray(at, end));
    }
    if (this.#paddingLeft > 0) {
      const passed = Math.min(this.#paddingLeft, input.length);
      this.#paddingLeft -= passed;
      return at + passed;
    }
    if (input.length < http2HeadBytes) return at;
    const size = input.readUIntBE(0, 3);
    const kind = input[3]!;
    const flags = input[4]!;
    const stream = input.readUInt32BE(5) & largestWindow;
    if (this.#openHeaders !== null && kind !== Http2Frame.continuation)
      throw new Error("headers without end");
    if (kind === Http2Frame.data) {
      const headBytes = this.#beginData(input, size, flags, stream);
      return at + headBytes;
    }
    if (size > mostHeaderBytes) throw new Error("a frame over the limit");
    const end = http2HeadBytes + size;
    if (input.length < end) return at;
    this.#handle(kind, flags, stream, input.subarray(http2HeadBytes, end));
    return at + end;
  }

  /** @returns how many bytes stand before the data; none while they have not all come */
  #beginData(input: Buffer, size: number, flags: number, stream: number): number {
    const isPadded = (flags & Http2Flag.padded) !== 0;
    const headBytes = isPadded ? http2HeadBytes + 1 : http2HeadBytes;
    if (input.length < headBytes) return 0;
    const padding = isPadded ? input[http2HeadBytes]! : 0;
    const around = isPadded ? padding + 1 : 0;
    if (size > windowBytes || around > size || stream === 0 || stream > this.#lastStream)
      throw new Error("data of no stream");
    this.#dataStream = stream;
    this.#dataLeft = size - around;
    this.#paddingLeft = padding;
    this.#dataIsEnd = (flags & Http2Flag.endStream) !== 0;
    const open = this.#streams.get(stream);
    this.#uncredited += around;
    if (open !== undefined && around > 0) this.credit(open, around);
    this.#creditConnection();
    if (this.#dataLeft === 0 && this.#dataIsEnd) open?.receiveEnd();
    return headBytes;
  }

  #readData(data: Uint8Array): number {
    this.#dataLeft -= data.length;
    this.#uncredited += data.length;
    const stream = this.#streams.get(this.#dataStream);
    stream?.receive(data);
    if (this.#dataLeft === 0 && this.#dataIsEnd) stream?.receiveEnd();
    // Each call has its own window. Were the connection's kept from one that is not read, it would hold up the others:
    // Python's SDK has one connection for the data and state of all workers of a process.
    this.#creditConnection();
    return data.length;
  }

  #handle(kind: number, flags: number, stream: number, content: Buffer): void {
    switch (kind) {
      case Http2Frame.headers:
        this.#openHeaders = {
          stream,
          isEnd: (flags & Http2Flag.endStream) !== 0,
          parts: [cutHeaders(content, flags)],
        };
        this.#readHeaders(flags);
        return;
      case Http2Frame.continuation:
        if (this.#openHeaders?.stream !== stream) throw new Error("headers that nobody began");
        this.#openHeaders.parts.push(Buffer.from(content));
        this.#readHeaders(flags);
        return;
      case Http2Frame.resetStream:
        this.#streams.get(stream)?.finish();
        this.#streams.delete(stream);
        return;
      case Http2Frame.settings:
        if ((flags & Http2Flag.ack) === 0) this.#takeSettings(content);
        return;
      case Http2Frame.ping:
        if ((flags & Http2Flag.ack) === 0)
          this.#socket.write(http2Frame(Http2Frame.ping, Http2Flag.ack, 0, content));
        return;
      case Http2Frame.windowUpdate:
        this.#widen(stream, content.readUInt32BE(0) & largestWindow);
        return;
      case Http2Frame.pushPromise:
        throw new Error("a client that pushes");
      default:
      // Priorities, a client's good-bye, and what nobody knows, say nothing.
    }
  }

  #readHeaders(flags: number): void {
    const { stream: id, isEnd, parts } = this.#openHeaders!;
    const size = parts.reduce((sum, { length }) => sum + length, 0);
    if (size > mostHeaderBytes) throw new Error("headers over the limit");
    if ((flags & Http2Flag.endHeaders) === 0) return;
    this.#openHeaders = null;
    const headers = this.#hpack.decode(Buffer.concat(parts));
    if (id > this.#lastStream) this.#open(id, headers);
    if (isEnd) this.#streams.get(id)?.receiveEnd();
  }

  #open(id: number, headers: ReadonlyMap<string, string>): void {
    if (id % 2 === 0) throw new Error("a stream of a number that is the server's");
    this.#lastStream = id;
    if (this.#streams.size >= mostStreams) {
      this.#socket.write(http2NumberFrame(Http2Frame.resetStream, id, Http2Error.refused));
      return;
    }
    const stream = new GrpcStream(id, headers, this.#streamWindow, this, this.#memory);
    this.#streams.set(id, stream);
    const answer = http2Headers([
      [":status", "200"],
      ["content-type", "application/grpc"],
    ]);
    this.#socket.write(http2Frame(Http2Frame.headers, Http2Flag.endHeaders, id, answer));
    this.#onCall(stream);
  }

  #takeSettings(content: Buffer): void {
    for (let at = 0; at + 6 <= content.length; at += 6) {
      const setting = content.readUInt16BE(at);
      const value = content.readUInt32BE(at + 2);
      if (setting === Http2Setting.maxFrame) this.#mostFrameBytes = value;
      if (setting === Http2Setting.initialWindow) {
        if (value > largestWindow) throw new Error("a window over the limit");
        for (const stream of this.#streams.values()) stream.window += value - this.#streamWindow;
        this.#streamWindow = value;
      }
    }
    this.#socket.write(http2Frame(Http2Frame.settings, Http2Flag.ack, 0, new Uint8Array(0)));
    this.#flushAll();
  }

  #widen(id: number, bytes: number): void {
    if (id === 0) {
      this.#window += bytes;
      if (this.#window > largestWindow) throw new Error("a window over the limit");
      this.#flushAll();
      return;
    }
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    stream.window += bytes;
    this.flush(stream);
    stream.tellRoom();
  }

  #flushAll(): void {
    for (const stream of this.#streams.values()) {
      this.flush(stream);
      stream.tellRoom();
    }
  }
}

/** The headers of a frame, without what may stand around them; a copy. */
function cutHeaders(content: Buffer, flags: number): Uint8Array {
  const isPadded = (flags & Http2Flag.padded) !== 0;
  const start = (isPadded ? 1 : 0) + ((flags & Http2Flag.priority) === 0 ? 0 : 5);
  const end = content.length - (isPadded ? content[0]! : 0);
  if (start > end) throw new Error("headers that are not there");
  return Uint8Array.from(content.subarray(start, end));
}
