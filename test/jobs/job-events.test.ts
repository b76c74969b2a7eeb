import { describe, expect, it } from "vitest";
import { JobState } from "../../src/beam/protos/types/job.js";
import { changeState, createJob, type Job, sendMessage } from "../../src/jobs/job.js";
import { eventLimits } from "../../src/jobs/job-events.js";
import { streamEvents } from "../../src/jobs/job-stream.js";

/** A client's end of a stream: takes so many messages, then is asked to be waited for. */
class Reader {
  readonly read: unknown[] = [];
  hasEnded = false;
  room: number;
  readonly listeners = new Map<string, () => void>();
  constructor(room = Number.POSITIVE_INFINITY) {
    this.room = room;
  }
  write(message: object): boolean {
    this.read.push(message);
    this.room--;
    return this.room > 0;
  }
  end(): void {
    this.hasEnded = true;
  }
  on(event: string, listener: () => void): void {
    this.listeners.set(event, listener);
  }
  goOn(room: number): void {
    this.room = room;
    this.listeners.get("drain")?.();
  }
}

function newJob(): Job {
  return createJob({ name: "job", pipeline: new Uint8Array(), options: {}, environments: [] });
}

function follow(job: Job, reader: Reader): Reader {
  streamEvents(
    job,
    reader,
    0,
    (event) => ({ said: event.kind === "state" ? event.state : event.text }),
    (missed) => ({ missed }),
  );
  return reader;
}

describe("the events of a job", () => {
  it("reach those who ask early and those who ask late, once each, and end with the job", () => {
    const job = newJob();
    const early = follow(job, new Reader());
    changeState(job, JobState.RUNNING);
    changeState(job, JobState.RUNNING);
    sendMessage(job, "hello");
    const between = follow(job, new Reader());
    changeState(job, JobState.DONE);
    sendMessage(job, "too late");
    changeState(job, JobState.FAILED);
    const late = follow(job, new Reader());
    const said = [JobState.STOPPED, JobState.RUNNING, "hello", JobState.DONE];
    for (const reader of [early, between, late]) {
      expect(reader.read).toEqual(said.map((one) => ({ said: one })));
      expect(reader.hasEnded).toBe(true);
    }
    expect(job.events.listeners.size).toBe(0);
  });

  it("wait for a client that reads slowly", () => {
    const job = newJob();
    const reader = follow(job, new Reader(2));
    for (const text of ["a", "b", "c"]) sendMessage(job, text);
    changeState(job, JobState.DONE);
    expect(reader.read).toEqual([{ said: JobState.STOPPED }, { said: "a" }]);
    reader.goOn(1);
    expect(reader.read).toHaveLength(3);
    reader.goOn(9);
    expect(reader.read.slice(3)).toEqual([{ said: "c" }, { said: JobState.DONE }]);
    expect(reader.hasEnded).toBe(true);
  });

  it("stop when the client goes away", () => {
    const job = newJob();
    const reader = follow(job, new Reader());
    reader.listeners.get("cancelled")?.();
    sendMessage(job, "to nobody");
    expect(reader.read).toHaveLength(1);
    expect(job.events.listeners.size).toBe(0);
  });

  it("are kept within limits, states always, and a client is told what it has missed", () => {
    const job = newJob();
    changeState(job, JobState.RUNNING);
    const total = eventLimits.messages * 2;
    for (let number = 0; number < total; number++) sendMessage(job, String(number));
    changeState(job, JobState.DONE);
    const kept = job.events.kept.filter(({ kind }) => kind === "message").length;
    expect(kept).toBeLessThanOrEqual(eventLimits.messages);
    expect(kept).toBeGreaterThan(eventLimits.messages / 2);
    const { read } = follow(job, new Reader());
    expect(read[0]).toEqual({ missed: total - kept });
    expect(read.slice(1, 3)).toEqual([{ said: JobState.STOPPED }, { said: JobState.RUNNING }]);
    expect(read.slice(-2)).toEqual([{ said: String(total - 1) }, { said: JobState.DONE }]);
  });

  it("are kept within limits of size too, one by one and together", () => {
    const job = newJob();
    for (let number = 0; number < 100; number++) sendMessage(job, "x".repeat(2 ** 20));
    const texts = job.events.kept.flatMap((event) => (event.kind === "message" ? [event.text.length] : []));
    expect(Math.max(...texts)).toBe(eventLimits.text);
    expect(texts.reduce((sum, length) => sum + length)).toBeLessThanOrEqual(eventLimits.characters);
  });
});
