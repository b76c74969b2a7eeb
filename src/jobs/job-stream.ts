import type { Draft } from "../beam/protos/message-type.js";
import type { Timestamp } from "../beam/protos/types/google.js";
import type * as api from "../beam/protos/types/job.js";
import { JobMessageMessageImportance, type JobMessagesResponse } from "../beam/protos/types/job.js";
import { isTerminal, type Job } from "./job.js";
import { eventsFrom, type JobEvent, type StateEvent } from "./job-events.js";

/** The part of a server's stream that is written to. */
export interface EventStream {
  write(message: object): boolean;
  end(): void;
  on(event: "close" | "cancelled" | "drain", listener: () => void): unknown;
}

/**
 * Sends a job's events from a number on, and ends the stream with the job.
 *
 * A client that reads slowly is waited for: what it has not read yet is kept in one place, the job, within its
 * limits. In: what to make of an event, null for nothing; what to say of messages that are no longer kept.
 */
export function streamEvents(
  job: Job,
  call: EventStream,
  from: number,
  toMessage: (event: JobEvent) => object | null,
  toGap: (missed: number) => object | null,
): void {
  let next = from;
  let isReady = true;
  let isOpen = true;
  const stop = (): void => {
    isOpen = false;
    job.events.listeners.delete(advance);
  };
  const send = (message: object | null): void => {
    if (message !== null) isReady = call.write(message) && isReady;
  };
  const advance = (): void => {
    if (!isOpen || !isReady) return;
    const { missed, events } = eventsFrom(job.events, next);
    if (missed > 0) send(toGap(missed));
    for (const event of events) {
      send(toMessage(event));
      next = event.number + 1;
      if (event.kind === "state" && isTerminal(event.state)) {
        stop();
        call.end();
        return;
      }
      if (!isReady) return;
    }
  };
  call.on("close", stop);
  call.on("cancelled", stop);
  call.on("drain", () => {
    isReady = true;
    advance();
  });
  job.events.listeners.add(advance);
  advance();
}

/** A change of state as the Job API has it. */
export function toStateEvent(event: StateEvent): Draft<api.JobStateEvent> {
  return { state: event.state, timestamp: toTimestamp(event.at) };
}

/** An event as the message stream carries it. */
export function toMessageResponse(event: JobEvent): Draft<JobMessagesResponse> {
  if (event.kind === "state") return { stateResponse: toStateEvent(event) };
  const { number, importance, text, at } = event;
  return {
    messageResponse: {
      messageId: String(number),
      importance,
      messageText: text,
      time: at.toISOString(),
    },
  };
}

/** What stands in the message stream for messages that are no longer kept. */
export function toGapResponse(missed: number): Draft<JobMessagesResponse> {
  return {
    messageResponse: {
      importance: JobMessageMessageImportance.JOB_MESSAGE_WARNING,
      messageText: `${missed} messages of this job are no longer kept`,
      time: new Date().toISOString(),
    },
  };
}

function toTimestamp(at: Date): Draft<Timestamp> {
  const millis = at.getTime();
  return { seconds: BigInt(Math.floor(millis / 1000)), nanos: (millis % 1000) * 1_000_000 };
}
