import { once } from "node:events";
import { Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import { Elements } from "../../src/beam/protos/types/data.js";
import type { Worker } from "../../src/fnhost/worker.js";
import { codecOf, defineService, rawBytes } from "../../src/rpc/define-service.js";
import { openReceiveWindow } from "./receive-window.js";

/** Bytes of elements in one message. */
const messageBytes = 1 << 20;

/**
 * So many bytes of elements are sent ahead of what has come back. With a hundred messages that it hasn't read, Java's
 * worker takes nothing in, not even that it may go on sending, and then stands still for a second at a time.
 */
const mostAhead = 32 << 20;

const dataService = defineService("org.apache.beam.model.fn_execution.v1.BeamFnData", {
  Data: { request: codecOf(Elements), response: rawBytes(), requestStream: true, responseStream: true },
});

type DataCall = ServerDuplexStream<Elements, Uint8Array>;

/**
 * The least that feeds a worker: a data service of its own, beside that of the host. It sends the same bytes
 * again and again, which are a message already, and throws away what comes back.
 */
export class BareLoop {
  readonly endpoint: string;
  readonly #server: Server;
  readonly #call: Promise<DataCall>;
  #isLast: (transform: string) => void = () => {};
  #back = 0;
  #onBack: () => void = () => {};

  private constructor(server: Server, port: number, call: Promise<DataCall>) {
    this.#server = server;
    this.endpoint = `127.0.0.1:${port}`;
    this.#call = call.then((stream) => {
      stream.on("data", ({ data }: Elements) => {
        for (const { data: elements, isLast, transformId } of data) {
          this.#back += elements.length;
          if (isLast) this.#isLast(transformId);
        }
        this.#onBack();
      });
      stream.on("error", () => {});
      return stream;
    });
  }

  static async start(): Promise<BareLoop> {
    const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
    const server = new Server(unlimited);
    openReceiveWindow(server);
    const call = new Promise<DataCall>((resolve) => {
      server.addService(dataService, { Data: resolve });
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, given) =>
        error === null ? resolve(given) : reject(error),
      );
    });
    return new BareLoop(server, port, call);
  }

  /** One bundle of so many elements of so many bytes. @returns how many elements went through */
  async run(worker: Worker, instruction: string, elements: number, size: number): Promise<number> {
    const element = windowedBytes(size);
    const perMessage = Math.ceil(messageBytes / element.length);
    const messages = Math.ceil(elements / perMessage);
    const data = Buffer.alloc(perMessage * element.length, element);
    const target = { instructionId: instruction, transformId: "beam2spark_source" };
    const message = Elements.encode({ data: [{ ...target, data }] });
    const allBack = new Promise<void>((resolve) => {
      this.#isLast = () => resolve();
    });
    const answer = worker.control.ask({
      instructionId: instruction,
      processBundle: { processBundleDescriptorId: "bare" },
    });
    const call = await this.#call;
    this.#back = 0;
    for (let sent = 0; sent < messages; sent++) {
      while (sent * data.length - this.#back > mostAhead) await this.#nextBack();
      if (!call.write(message)) await once(call, "drain");
    }
    call.write(Elements.encode({ data: [{ ...target, isLast: true }] }));
    await Promise.all([answer, allBack]);
    return messages * perMessage;
  }

  #nextBack(): Promise<void> {
    return new Promise((resolve) => {
      this.#onBack = resolve;
    });
  }

  close(): void {
    this.#server.forceShutdown();
  }
}

/** An element of the global window at time 0, as a windowed value whose value has its length before it. */
function windowedBytes(size: number): Buffer {
  const timestamp = [0x80, 0, 0, 0, 0, 0, 0, 0];
  const length = size < 128 ? [size] : [(size & 127) | 128, size >> 7];
  return Buffer.concat([Buffer.from([...timestamp, 0, 0, 0, 1, 0x0f, ...length]), Buffer.alloc(size, "x")]);
}
