import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  constants,
} from "node:http2";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GrpcConnection } from "../../src/rpc/http2/grpc-connection.js";
import type { GrpcStream, MessageMemory } from "../../src/rpc/http2/grpc-stream.js";

let server: Server;
let calls: GrpcStream[];
let onCall: (call: GrpcStream) => void;
const connections: GrpcConnection[] = [];
/** Memory for messages that is lent now. */
const lent = new Set<Uint8Array>();
const memory: MessageMemory = {
  take(size) {
    const taken = new Uint8Array(size);
    lent.add(taken);
    return taken;
  },
  giveBack: (taken) => void lent.delete(taken),
};

beforeEach(async () => {
  calls = [];
  lent.clear();
  onCall = () => {};
  server = createServer({ pauseOnConnect: true }, (accepted) => {
    connections.push(
      new GrpcConnection(accepted, memory, (call) => {
        calls.push(call);
        onCall(call);
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(() => {
  for (const connection of connections.splice(0)) connection.cut();
  server.close();
});

const port = (): number => (server.address() as AddressInfo).port;

/** A call of Node's own HTTP/2 client. */
function call(headers: Record<string, string> = {}): {
  stream: ClientHttp2Stream;
  session: ClientHttp2Session;
  close: () => void;
} {
  const session = connectHttp2(`http://127.0.0.1:${port()}`);
  session.on("error", () => {});
  const stream = session.request({ ":method": "POST", ":path": "/a/b", te: "trailers", ...headers });
  stream.on("error", () => {});
  return { stream, session, close: () => session.destroy() };
}

function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Bytes that are nowhere the same. */
function numbered(size: number): Uint8Array {
  const words = new Uint32Array(size >> 2);
  for (let index = 0; index < words.length; index++) words[index] = index * 2654435761;
  return new Uint8Array(words.buffer);
}

test("headers are read however they are written", async () => {
  const names = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [
      `name-${index % 150}-x`,
      `${"value /{}~é".slice(0, 10)}${index}`,
    ]),
  );
  const seen = new Promise<void>((resolve) => {
    onCall = () => resolve();
  });
  const { close } = call({ worker_id: "Worker-1", ...names });
  await seen;
  const [{ headers }] = calls as [GrpcStream];
  expect(headers.get(":path")).toBe("/a/b");
  expect(headers.get("worker_id")).toBe("Worker-1");
  for (const [name, value] of Object.entries(names)) expect(headers.get(name)).toBe(value);
  close();
});

test("messages of all sizes go both ways whole, through small windows, and while one is still being taken", async () => {
  const messages = [0, 1, 5, 1_000, 16_384, 70_000, 300_000, 5_000_000, 3].map((size) => numbered(size + 4));
  onCall = (opened) => {
    let count = 0;
    let isTaking = false;
    opened.onMessage = (message) => {
      expect(isTaking).toBe(false);
      if (count++ % 3 === 0) {
        opened.write([message.slice(0, 2), message.slice(2)]);
        return undefined;
      }
      // The bytes are still there when others have come.
      isTaking = true;
      return setTimeout(5).then(() => {
        isTaking = false;
        opened.write([message.slice(0, 2), message.slice(2)]);
      });
    };
  };
  const { stream, close } = call();
  const received: Buffer[] = [];
  let size = 0;
  const expected = Buffer.concat(messages.map(framed));
  const whole = new Promise<void>((resolve) =>
    stream.on("data", (chunk: Buffer) => {
      received.push(chunk);
      size += chunk.length;
      if (size === expected.length) resolve();
    }),
  );
  // Cut in the middle of everything.
  for (let at = 0; at < expected.length; at += 60_001) stream.write(expected.subarray(at, at + 60_001));
  await whole;
  expect(Buffer.concat(received).equals(expected)).toBe(true);
  close();
});

test("whoever writes is told to wait, and when there is room; and when all is written", async () => {
  let written = 0;
  const full = new Promise<number>((resolve) => {
    onCall = (opened) => {
      let count = 1;
      while (opened.write([new Uint8Array(100_000)], () => written++) && count < 1_000) count++;
      opened.onDrain = () => resolve(count);
    };
  });
  const { stream, close } = call();
  await setTimeout(50);
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
  });
  const count = await full;
  expect(count).toBeLessThan(100);
  await expect.poll(() => size).toBe(count * 100_005);
  expect(written).toBe(count);
  close();
});

test("a call whose messages are not taken takes no other's room, whether it goes on or is broken off", async () => {
  const taken: string[] = [];
  onCall = (opened) => {
    const path = opened.headers.get(":path")!;
    opened.onMessage = () => {
      taken.push(path);
      return path === "/stuck" ? new Promise(() => {}) : undefined;
    };
  };
  const { stream, session, close } = call({ ":path": "/stuck" });
  // More than the windows of the call and of the connection.
  for (let count = 0; count < 8; count++) stream.write(framed(new Uint8Array(1 << 20)));
  await expect.poll(() => taken).toEqual(["/stuck"]);
  await setTimeout(100);
  const beside = session.request({ ":method": "POST", ":path": "/beside" });
  beside.on("error", () => {});
  beside.write(framed(new Uint8Array(3 << 20)));
  await expect.poll(() => taken).toEqual(["/stuck", "/beside"]);
  stream.close(constants.NGHTTP2_CANCEL);
  beside.write(framed(new Uint8Array(3 << 20)));
  await expect.poll(() => taken).toEqual(["/stuck", "/beside", "/beside"]);
  close();
});

test.each([
  ["fails", () => Promise.reject(new Error("it can't be taken"))],
  ["fails once its call is over", () => setTimeout(20).then(() => Promise.reject(new Error("too late")))],
])("memory is given back whose message's taking %s", async (_how, take) => {
  onCall = (opened) => {
    opened.onMessage = () => {
      expect(lent.size).toBe(1);
      return take();
    };
  };
  const { stream, close } = call();
  const ended = new Promise<void>((resolve) => stream.on("close", resolve));
  stream.write(framed(new Uint8Array(1_000)));
  await expect.poll(() => calls.length).toBe(1);
  await setTimeout(10);
  stream.close(constants.NGHTTP2_CANCEL);
  await ended;
  await expect.poll(() => lent.size).toBe(0);
  close();
});

test("a call's end, and that of its connection, are told once", async () => {
  let ends = 0;
  onCall = (opened) => {
    opened.onEnd = () => ends++;
  };
  const first = call();
  first.stream.write(framed(new Uint8Array(10)));
  first.stream.end();
  await expect.poll(() => ends).toBe(1);
  first.close();
  const second = call();
  await expect.poll(() => calls.length).toBe(2);
  second.close();
  await expect.poll(() => ends).toBe(2);
});

test("a server ends a call with a status", async () => {
  onCall = (opened) => opened.end({ code: 7, details: "not näme" });
  const { stream, close } = call();
  const trailers = new Promise<Record<string, unknown>>((resolve) => stream.on("trailers", resolve));
  stream.resume();
  expect(await trailers).toMatchObject({ "grpc-status": "7", "grpc-message": "not%20n%C3%A4me" });
  close();
});

test.each([
  ["is compressed", [1, 0, 0, 0, 1, 0]],
  ["says that it is over the limit", [0, 0x40, 0, 0, 1, 0]],
])("a message that %s breaks its call off", async (_what, bytes) => {
  const { stream, close } = call();
  const ended = new Promise<number>((resolve) => stream.on("close", () => resolve(stream.rstCode)));
  stream.write(Buffer.from(bytes));
  expect(await ended).toBe(constants.NGHTTP2_PROTOCOL_ERROR);
  close();
});

test.each([
  ["no HTTP/2", Buffer.from("GET / HTTP/1.1\r\nHost: here\r\n\r\n")],
  ["a frame over the limit", frame(0xffffff, 4, 0, 0)],
  ["data of no stream", frame(1, 0, 0, 9)],
  ["headers that nobody began", frame(0, 9, 4, 1)],
  ["headers of no code", Buffer.concat([frame(1, 1, 4, 1), Buffer.of(0xff)])],
])("a client that sends %s is left", async (_what, bytes) => {
  const socket = connect(port(), "127.0.0.1");
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.on("error", () => {});
  socket.resume();
  const isHttp2 = bytes[0] !== 0x47;
  socket.write(isHttp2 ? Buffer.concat([preface(), bytes]) : bytes);
  await closed;
  await answersStill();
});

function preface(): Buffer {
  return Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(0, 4, 0, 0)]);
}

function frame(size: number, kind: number, flags: number, stream: number): Buffer {
  return Buffer.from([size >> 16, (size >> 8) & 255, size & 255, kind, flags, 0, 0, 0, stream]);
}

async function answersStill(): Promise<void> {
  const before = calls.length;
  const { close } = call();
  await expect.poll(() => calls.length).toBe(before + 1);
  close();
}
