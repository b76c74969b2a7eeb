import type { Metadata } from "@grpc/grpc-js";
import type { Draft, Message } from "../beam/protos/message-type.js";

/** What gRPC's server gives for a call that streams both ways. */
export interface ServerStream<In extends Message, Out extends Message> {
  readonly metadata: Metadata;
  on(event: "data", listener: (message: In) => void): unknown;
  on(event: "end" | "cancelled", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  write(message: Draft<Out>): unknown;
  end(): void;
  emit(event: "error", error: object): boolean;
}
