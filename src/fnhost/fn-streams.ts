import type { Metadata } from "@grpc/grpc-js";
import type { Draft, Message } from "../beam/protos/message-type.js";

/** What gRPC's server gives for a call that streams both ways. */
export interface ServerStream<In extends Message, Out extends Message> {
  readonly metadata: Metadata;
  on(event: "data", listener: (message: In) => void): unknown;
  on(event: "end" | "cancelled" | "close" | "drain", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  once(event: "drain" | "close", listener: () => void): unknown;
  /** @returns false when the other side reads more slowly than this one writes: then wait for `drain` */
  write(message: Draft<Out>): boolean;
  pause(): unknown;
  resume(): unknown;
  end(): void;
  emit(event: "error", error: object): boolean;
}
