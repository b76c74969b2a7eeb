// Made from proto/beam/logging.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { Struct, Timestamp } from "./google.js";

export interface LogEntry extends Message {
  readonly severity: LogEntrySeverity;
  readonly timestamp: Timestamp | undefined;
  readonly message: string;
  /** A traceback. */
  readonly trace: string;
  readonly instructionId: string;
  readonly transformId: string;
  readonly logLocation: string;
  readonly thread: string;
  readonly customData: Struct | undefined;
}

export const LogEntry: MessageType<LogEntry> = messageType(
  "logging.proto",
  "org.apache.beam.model.fn_execution.v1.LogEntry",
);

export interface LogEntryList extends Message {
  readonly logEntries: readonly LogEntry[];
}

export const LogEntryList: MessageType<LogEntryList> = messageType(
  "logging.proto",
  "org.apache.beam.model.fn_execution.v1.LogEntry.List",
);

export const LogEntrySeverity = {
  UNSPECIFIED: 0,
  TRACE: 1,
  DEBUG: 2,
  INFO: 3,
  NOTICE: 4,
  WARN: 5,
  ERROR: 6,
  CRITICAL: 7,
} as const;
/** A number of LogEntrySeverity, or one that a later version of the model adds. */
export type LogEntrySeverity = number;

export interface LogControl extends Message {}

export const LogControl: MessageType<LogControl> = messageType(
  "logging.proto",
  "org.apache.beam.model.fn_execution.v1.LogControl",
);
