import { Client, credentials, Metadata, type ServiceDefinition } from "@grpc/grpc-js";
import type { Draft } from "../../src/beam/protos/message-type.js";
import type {
  InstructionRequest,
  InstructionResponse,
  ProcessBundleResponse,
} from "../../src/beam/protos/types/control.js";
import { Elements } from "../../src/beam/protos/types/data.js";
import { StateRequest, StateResponse } from "../../src/beam/protos/types/state.js";
import { controlService, loggingService } from "../../src/fnhost/fn-api.js";
import type { FnHost } from "../../src/fnhost/start-host.js";
import { codecOf, defineService } from "../../src/rpc/define-service.js";

const dataService = defineService("org.apache.beam.model.fn_execution.v1.BeamFnData", {
  Data: {
    request: codecOf(Elements),
    response: codecOf(Elements),
    requestStream: true,
    responseStream: true,
  },
});

const stateService = defineService("org.apache.beam.model.fn_execution.v1.BeamFnState", {
  State: {
    request: codecOf(StateRequest),
    response: codecOf(StateResponse),
    requestStream: true,
    responseStream: true,
  },
});

/** What gRPC's client gives for a call that streams both ways. */
interface ClientStream {
  on(event: "data", listener: (message: never) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  write(message: object): boolean;
  end(): void;
  cancel(): void;
}

/** What the host has asked for: an instruction, and what to do about it. */
export interface AskedInstruction {
  readonly request: InstructionRequest;
  /** Answers it with what stands beside the instruction's id. */
  respond(response: Partial<Exclude<Draft<InstructionResponse>, Uint8Array>>): void;
}

/** What a fake worker does with instructions. */
export type Behaviour = (asked: AskedInstruction, worker: FakeWorker) => void | Promise<void>;

/**
 * A worker of the Fn API that does as a test says: it opens the streams that a real one opens, hands each instruction
 * to a behaviour, and sends whatever it is told to, allowed or not.
 */
export class FakeWorker {
  readonly #client: Client;
  readonly #dataClient: Client;
  readonly #metadata = new Metadata();
  readonly #control: ClientStream;
  readonly #data: ClientStream;
  readonly #state: ClientStream;
  readonly #logging: ClientStream;
  readonly #inputs = new Map<string, InputOfBundle>();
  readonly #stateAnswers = new Map<string, (response: StateResponse) => void>();
  /** Is told when one of its streams is ended with an error. */
  onRefusal: (error: Error) => void = () => {};
  /** Every instruction so far. */
  readonly asked: InstructionRequest[] = [];

  constructor(host: Pick<FnHost, "endpoint" | "dataEndpoint">, id: string, behave: Behaviour) {
    const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
    this.#client = new Client(host.endpoint, credentials.createInsecure(), unlimited);
    this.#dataClient = new Client(host.dataEndpoint, credentials.createInsecure(), unlimited);
    this.#metadata.set("worker_id", id);
    this.#control = this.#open(controlService, "Control");
    this.#data = this.#open(dataService, "Data", this.#dataClient);
    this.#state = this.#open(stateService, "State", this.#dataClient);
    this.#logging = this.#open(loggingService, "Logging");
    this.#control.on("data", (request: InstructionRequest) => {
      this.asked.push(request);
      const respond = (response: object): void => {
        this.#control.write({ instructionId: request.instructionId, ...response });
      };
      void behave({ request, respond }, this);
    });
    this.#data.on("data", (elements: Elements) => this.#takeElements(elements));
    this.#state.on("data", (response: StateResponse) => this.#stateAnswers.get(response.id)?.(response));
  }

  /** All that the host sends as input of a bundle, once it has said that no more comes. */
  input(instruction: string): Promise<Uint8Array> {
    return this.#inputOf(instruction).whole;
  }

  /** The parts of a bundle's input so far. */
  inputSoFar(instruction: string): readonly Uint8Array[] {
    return this.#inputOf(instruction).parts;
  }

  /** Sends elements of one output of a bundle. */
  send(instructionId: string, transformId: string, data: Uint8Array, isLast = false): void {
    this.#data.write({ data: [{ instructionId, transformId, data, isLast }] });
  }

  /** Sends any message on the data stream. */
  sendElements(elements: Draft<Elements>): void {
    this.#data.write(elements as object);
  }

  /** Sends any message on the control stream. */
  sendResponse(response: Draft<InstructionResponse>): void {
    this.#control.write(response as object);
  }

  /** Asks for state and waits for the answer; the request's id must be new. */
  askState(
    request: Exclude<Draft<StateRequest>, Uint8Array> & { readonly id: string },
  ): Promise<StateResponse> {
    return new Promise((resolve) => {
      this.#stateAnswers.set(request.id, resolve);
      this.#state.write(request);
    });
  }

  /** Logs entries. */
  log(...logEntries: readonly object[]): void {
    this.#logging.write({ logEntries });
  }

  /** Ends one of its streams, as a worker does that leaves. */
  endStream(stream: "control" | "data" | "state"): void {
    const streams = { control: this.#control, data: this.#data, state: this.#state };
    streams[stream].end();
  }

  /** Goes away without a word. */
  close(): void {
    for (const stream of [this.#control, this.#data, this.#state, this.#logging]) stream.cancel();
    this.#client.close();
    this.#dataClient.close();
  }

  #open(service: ServiceDefinition, method: string, client = this.#client): ClientStream {
    const { path, requestSerialize, responseDeserialize } = service[method]!;
    const stream = client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      this.#metadata,
    ) as unknown as ClientStream;
    // The host may be closed first.
    stream.on("error", (error) => this.onRefusal(error));
    return stream;
  }

  #takeElements({ data }: Elements): void {
    for (const { instructionId, data: bytes, isLast } of data) {
      const input = this.#inputOf(instructionId);
      if (bytes.length > 0) input.parts.push(bytes);
      if (isLast) input.end();
    }
  }

  #inputOf(instruction: string): InputOfBundle {
    const known = this.#inputs.get(instruction);
    if (known !== undefined) return known;
    const parts: Uint8Array[] = [];
    let end = (): void => {};
    const whole = new Promise<Uint8Array>((resolve) => {
      end = () => resolve(Buffer.concat(parts));
    });
    const created = { parts, whole, end: () => end() };
    this.#inputs.set(instruction, created);
    return created;
  }
}

interface InputOfBundle {
  readonly parts: Uint8Array[];
  readonly whole: Promise<Uint8Array>;
  end(): void;
}

/** Sends a bundle's input back as the output of one transform, and answers with what is given. */
export function echo(
  sink: string,
  response: Partial<Exclude<Draft<ProcessBundleResponse>, Uint8Array>> = {},
): Behaviour {
  return async ({ request, respond }, worker) => {
    if (request.processBundle === undefined) return;
    const input = await worker.input(request.instructionId);
    worker.send(request.instructionId, sink, input, true);
    respond({ processBundle: response });
  };
}
