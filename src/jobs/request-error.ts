import { status } from "@grpc/grpc-js";
import { MalformedMessageError } from "../beam/protos/malformed.js";

/** Why a request is not done, for its client. */
export class RequestError extends Error {
  readonly code: status;
  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

/** An error as gRPC sends it. What is not the client's fault is ours, and says so. */
export function toStatus(error: unknown): { code: status; details: string } {
  const details = error instanceof Error ? error.message : String(error);
  if (error instanceof RequestError) return { code: error.code, details };
  const isMalformed = error instanceof MalformedMessageError;
  return { code: isMalformed ? status.INVALID_ARGUMENT : status.INTERNAL, details };
}
