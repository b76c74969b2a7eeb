import { Client, credentials, type ServiceDefinition } from "@grpc/grpc-js";

/** A client of one of our services, for tests: methods by name, messages as the definition (de)serialises them. */
export interface ServiceClient {
  unary(method: string, request: object): Promise<Record<string, unknown>>;
  /** All messages of a server's stream. */
  collect(method: string, request: object): Promise<Record<string, unknown>[]>;
  /** Answers each message of the server's with those of `answer`; ends with the stream. */
  converse(method: string, first: object, answer: (message: Message) => object[]): Promise<void>;
  close(): void;
}

type Message = Record<string, unknown>;

/** Connects to an endpoint. The requests' and responses' codecs are the server's, turned around. */
export function connect(endpoint: string, service: ServiceDefinition): ServiceClient {
  const client = new Client(endpoint, credentials.createInsecure());
  const find = (name: string) => {
    const method = service[name];
    if (method === undefined) throw new Error(`no method ${name}`);
    return method;
  };
  return {
    unary: (name, request) =>
      new Promise((resolve, reject) => {
        const { path, requestSerialize, responseDeserialize } = find(name);
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, response) =>
          error === null ? resolve(response as Message) : reject(error),
        );
      }),
    collect: async (name, request) => {
      const { path, requestSerialize, responseDeserialize } = find(name);
      const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request);
      return (await stream.toArray()) as Message[];
    },
    converse: async (name, first, answer) => {
      const { path, requestSerialize, responseDeserialize } = find(name);
      const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
      stream.write(first);
      for await (const message of stream) {
        for (const response of answer(message as Message)) stream.write(response);
      }
      stream.end();
    },
    close: () => client.close(),
  };
}
