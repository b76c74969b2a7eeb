import { status } from "@grpc/grpc-js";
import { allocateUnfilled } from "../allocate-unfilled.js";
import { Http2Error } from "./frames.js";

/** Bytes before a message: whether it is compressed, and its length (gRPC's protocol over HTTP/2). */
const messageHeadBytes = 5;

/** Most bytes of a message; a client that announces more is at fault. */
export const largestMessage = 1 << 30;

/** Messages with no more bytes take turns in the same memory. */
const reusedBytes = 16 << 20;

/** So many bytes may wait to be sent before whoever writes them is to wait. */
const waitingBytes = 1 << 20;

/** How a call ends. */
export interface CallEnd {
  readonly code: status;
  readonly details: string;
}

/** What a stream wants of its connection. */
export interface StreamConnection {
  /** Sends what the stream has, as far as the client has room for it. */
  flush(stream: GrpcStream): void;
  /** How many bytes the socket has still to send. */
  unsentBytes(): number;
  /** Lets the client send so many bytes more on the stream. */
  credit(stream: GrpcStream, bytes: number): void;
  /** Tells the client the end of the call. */
  end(stream: GrpcStream, end: CallEnd): void;
  /** Breaks the call off. */
  reset(stream: GrpcStream, code: number): void;
}

/** Where messages lie that come, while they are taken. */
export interface MessageMemory {
  /** Memory of at least so many bytes. */
  take(size: number): Uint8Array;
  /** Takes it back; other memory is let be. */
  giveBack(memory: Uint8Array): void;
}

interface WaitingMessage {
  readonly parts: readonly Uint8Array[];
  /** Where the next bytes are. */
  part: number;
  offset: number;
  readonly onWritten: (() => void) | undefined;
}

/** A piece of a message that is sent, and what to do once it is. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly onWritten: (() => void) | undefined;
}

/**
 * A call that streams messages both ways, each as its bytes. The listeners are set before anything else happens to a
 * call.
 */
export class GrpcStream {
  readonly id: number;
  readonly headers: ReadonlyMap<string, string>;
  /**
   * Takes a message, whose bytes are there during the call only; or until a promise is kept, before which no other
   * message comes. Errors break the call off.
   */
  onMessage: (message: Uint8Array) => Promise<void> | undefined = () => undefined;
  /** Is told that there is room again, after a `write` that found none. */
  onDrain: () => void = () => {};
  /** Is told once that nothing more comes: the client has ended or cancelled the call, or its connection has. */
  onEnd: () => void = () => {};
  /** Bytes that the client lets this call send. */
  window: number;
  /** Bytes that the client has sent, and may not send again yet. */
  uncredited = 0;
  readonly #connection: StreamConnection;
  readonly #memory: MessageMemory;
  readonly #waiting: WaitingMessage[] = [];
  #waitingBytes = 0;
  #wantsDrain = false;
  readonly #head = Buffer.alloc(messageHeadBytes);
  #headLength = 0;
  #message: Uint8Array | null = null;
  #messageLength = 0;
  #reused: Uint8Array = new Uint8Array(0);
  /** Where the message lies that is being taken, while the next one comes. */
  #taken: Uint8Array = new Uint8Array(0);
  #isTaking = false;
  /** A message that has come whole meanwhile. */
  #whole: Uint8Array | null = null;
  /** What has come behind it: no more than a client may send ahead. */
  #unread: Uint8Array[] = [];
  #isEnded = false;
  #isOver = false;

  constructor(
    id: number,
    headers: ReadonlyMap<string, string>,
    window: number,
    connection: StreamConnection,
    memory: MessageMemory,
  ) {
    this.id = id;
    this.headers = headers;
    this.window = window;
    this.#connection = connection;
    this.#memory = memory;
  }

  /**
   * Sends a message, given in parts that nobody may change before `onWritten`: it was sent then, or never will be.
   *
   * @returns false where the client reads more slowly than this side writes: then wait for `onDrain`
   */
  write(parts: readonly Uint8Array[], onWritten?: () => void): boolean {
    if (this.#isOver) {
      onWritten?.();
      return true;
    }
    const size = parts.reduce((sum, { length }) => sum + length, 0);
    const head = Buffer.alloc(messageHeadBytes);
    head.writeUInt32BE(size, 1);
    const filled = [head, ...parts].filter(({ length }) => length > 0);
    this.#waiting.push({ parts: filled, part: 0, offset: 0, onWritten });
    this.#waitingBytes += size + messageHeadBytes;
    this.#connection.flush(this);
    this.#wantsDrain = !this.#hasRoom;
    return !this.#wantsDrain;
  }

  /** Ends the call: what waits to be sent is dropped. */
  end(end: CallEnd = { code: status.OK, details: "" }): void {
    if (this.#isOver) return;
    this.#drop();
    this.#connection.end(this, end);
  }

  /** How many bytes wait to be sent. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** The next piece of what waits, of no more than so many bytes. */
  takePiece(most: number): Piece {
    const message = this.#waiting[0]!;
    const part = message.parts[message.part]!;
    const bytes = part.subarray(message.offset, message.offset + most);
    message.offset += bytes.length;
    this.#waitingBytes -= bytes.length;
    if (message.offset < part.length) return { bytes, onWritten: undefined };
    message.part++;
    message.offset = 0;
    if (message.part < message.parts.length) return { bytes, onWritten: undefined };
    this.#waiting.shift();
    return { bytes, onWritten: message.onWritten };
  }

  /** Says that something was sent: there may be room again. */
  tellRoom(): void {
    if (!this.#wantsDrain || !this.#hasRoom) return;
    this.#wantsDrain = false;
    this.onDrain();
  }

  /** Takes bytes that have come; they may change afterwards. */
  receive(bytes: Uint8Array): void {
    if (this.#isOver) return;
    const used = this.#hasRoomForMore ? this.#consume(bytes) : 0;
    if (used > 0) this.#connection.credit(this, used);
    if (used === bytes.length) return;
    const rest = allocateUnfilled(bytes.length - used);
    rest.set(bytes.subarray(used));
    this.#unread.push(rest);
  }

  /** Says that the client has ended its side. */
  receiveEnd(): void {
    this.#isEnded = true;
    if (this.#isRead) this.finish();
  }

  /** Says that nothing more comes, whatever has happened. */
  finish(): void {
    if (this.#isOver) return;
    this.#drop();
    this.onEnd();
  }

  /** Whether what comes can be put where the next message is to lie. */
  get #hasRoomForMore(): boolean {
    return this.#whole === null && this.#unread.length === 0;
  }

  /** Whether everything that has come was taken, but for the beginning of a message. */
  get #isRead(): boolean {
    return this.#hasRoomForMore && !this.#isTaking;
  }

  get #hasRoom(): boolean {
    return this.#waitingBytes + this.#connection.unsentBytes() < waitingBytes;
  }

  #drop(): void {
    this.#isOver = true;
    this.#waitingBytes = 0;
    this.#whole = null;
    this.#unread = [];
    for (const { onWritten } of this.#waiting.splice(0)) onWritten?.();
    if (!this.#isTaking) this.#giveBack();
  }

  /** Takes messages; while one is still being taken, one more. @returns how many bytes were taken */
  #consume(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length && this.#whole === null && !this.#isOver) {
      if (this.#headLength < messageHeadBytes) {
        const part = bytes.subarray(at, at + messageHeadBytes - this.#headLength);
        this.#head.set(part, this.#headLength);
        this.#headLength += part.length;
        at += part.length;
        if (this.#headLength < messageHeadBytes) break;
        // No worker compresses: none was told that it may.
        if (this.#head[0] !== 0 || this.#head.readUInt32BE(1) > largestMessage)
          return this.#breakOff(bytes.length);
      }
      at += this.#consumeMessage(bytes, at);
    }
    return at;
  }

  #consumeMessage(bytes: Uint8Array, at: number): number {
    const length = this.#head.readUInt32BE(1);
    this.#message ??= this.#allocate(length);
    const part = bytes.subarray(at, at + length - this.#messageLength);
    this.#message.set(part, this.#messageLength);
    this.#messageLength += part.length;
    if (this.#messageLength < length) return part.length;
    const message = this.#message.subarray(0, length);
    this.#message = null;
    this.#messageLength = 0;
    this.#headLength = 0;
    if (this.#isTaking) this.#whole = message;
    else this.#tell(message);
    return part.length;
  }

  #allocate(length: number): Uint8Array {
    if (length > reusedBytes) return allocateUnfilled(length);
    if (this.#reused.length < length) {
      this.#memory.giveBack(this.#reused);
      this.#reused = this.#memory.take(Math.min(reusedBytes, Math.max(length, this.#reused.length * 2)));
    }
    return this.#reused;
  }

  #tell(message: Uint8Array): void {
    let taken: Promise<void> | undefined;
    try {
      taken = this.onMessage(message);
    } catch {
      this.#breakOff(0);
      return;
    }
    if (taken === undefined) return;
    this.#isTaking = true;
    [this.#reused, this.#taken] = [this.#taken, this.#reused];
    taken.then(
      () => this.#goOn(),
      () => {
        this.#isTaking = false;
        if (this.#isOver) this.#giveBack();
        else this.#breakOff(0);
      },
    );
  }

  /** Nobody looks at messages any more. */
  #giveBack(): void {
    this.#memory.giveBack(this.#reused);
    this.#memory.giveBack(this.#taken);
    this.#reused = new Uint8Array(0);
    this.#taken = new Uint8Array(0);
  }

  /** Takes what has come while a message was being taken. */
  #goOn(): void {
    this.#isTaking = false;
    if (this.#isOver) {
      this.#giveBack();
      return;
    }
    const whole = this.#whole;
    this.#whole = null;
    if (whole !== null) this.#tell(whole);
    const unread = this.#unread;
    this.#unread = [];
    for (const bytes of unread) this.receive(bytes);
    if (this.#isEnded && this.#isRead) this.finish();
  }

  #breakOff(taken: number): number {
    this.#connection.reset(this, Http2Error.protocol);
    this.finish();
    return taken;
  }
}
