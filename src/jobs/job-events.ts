import { JobMessageMessageImportance, JobState } from "../beam/protos/types/job.js";
import { shorten } from "../diagnostics/diagnose.js";

/** What a job says while it lives: a change of its state, or a message for its user. Numbered from 0. */
export type JobEvent = { readonly number: number; readonly at: Date } & (
  | { readonly kind: "state"; readonly state: JobState }
  | { readonly kind: "message"; readonly text: string; readonly importance: number }
);

/** A change of a job's state. */
export type StateEvent = Extract<JobEvent, { readonly kind: "state" }>;

/** What is kept of one job's messages for those who ask later; the oldest go first, states stay. */
export const eventLimits = { messages: 10_000, characters: 8 * 2 ** 20, text: 256 * 2 ** 10 } as const;

/** The events of a job so far, and who is to be told that there are more. */
export interface JobEvents {
  readonly kept: readonly JobEvent[];
  /** How much text is kept. */
  readonly characters: number;
  /** The latest change of the job's state. */
  readonly current: StateEvent;
  readonly listeners: Set<() => void>;
  state(state: JobState): void;
  message(text: string, importance: number): void;
}

/** The events of a new job, whose first is that it is STOPPED. */
export function createJobEvents(): JobEvents {
  const stopped: StateEvent = { number: 0, at: new Date(), kind: "state", state: JobState.STOPPED };
  let current = stopped;
  let kept: JobEvent[] = [stopped];
  let next = 1;
  let messages = 0;
  let characters = 0;
  const listeners = new Set<() => void>();
  const forgetOldest = (): void => {
    // A quarter at once, so that a job that talks a lot does not pay for each message.
    const [most, longest] = [eventLimits.messages * 0.75, eventLimits.characters * 0.75];
    kept = kept.filter((event) => {
      if (event.kind === "state" || (messages <= most && characters <= longest)) return true;
      messages--;
      characters -= event.text.length;
      return false;
    });
  };
  const add = (event: JobEvent): void => {
    kept.push(event);
    for (const listener of [...listeners]) listener();
  };
  return {
    get kept() {
      return kept;
    },
    get characters() {
      return characters;
    },
    get current() {
      return current;
    },
    listeners,
    state: (state) => {
      current = { number: next++, at: new Date(), kind: "state", state };
      add(current);
    },
    message: (text, importance) => {
      const cut = shorten(text, eventLimits.text);
      messages++;
      characters += cut.length;
      if (messages > eventLimits.messages || characters > eventLimits.characters) forgetOldest();
      add({ number: next++, at: new Date(), kind: "message", text: cut, importance });
    },
  };
}

/** The events from a number on that are still kept, and how many are not. */
export function eventsFrom(
  events: JobEvents,
  number: number,
): { readonly missed: number; readonly events: readonly JobEvent[] } {
  const before = events.kept.findLastIndex((event) => event.number < number);
  const found = events.kept.slice(before + 1);
  const there = found.length;
  const last = found.at(-1)?.number ?? number - 1;
  return { missed: last + 1 - number - there, events: found };
}

/** The importances of messages by the names that drivers give them. */
export const importances = {
  debug: JobMessageMessageImportance.JOB_MESSAGE_DEBUG,
  detailed: JobMessageMessageImportance.JOB_MESSAGE_DETAILED,
  basic: JobMessageMessageImportance.JOB_MESSAGE_BASIC,
  warning: JobMessageMessageImportance.JOB_MESSAGE_WARNING,
  error: JobMessageMessageImportance.JOB_MESSAGE_ERROR,
} as const;
