import { expect, test } from "vitest";
import { PipelineBuilder } from "../support/pipeline-builder.js";
import { planOf } from "../support/plan-of.js";

const pair = { outputs: ["kv(utf8,varint)"] };
const sink = { outputs: [] };
const minimum = { kind: "constant", millis: "-9223372036854775" };
const noFiring = { kind: "constant", bytes: "0f" };
const varies = { kind: "varies" };
const everything = { timestamp: true, window: true, pane: true };
const onlyWindow = { timestamp: false, window: true, pane: false };

test("an impulse has the smallest timestamp, and no pane has fired", () => {
  const builder = new PipelineBuilder();
  const start = builder.impulse();
  builder.parDo("Sink", start, sink);
  expect(planOf(builder).plan.pcollections[start]).toMatchObject({
    timestamp: minimum,
    pane: noFiring,
    read: everything,
    window: "global",
  });
});

test("a group's result is at the end of its window; its input needs its window only", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.windowInto("Minutes", builder.parDo("Pairs", builder.impulse(), pair), "fixed");
  const grouped = builder.groupByKey("Group", pairs);
  const summed = builder.combine("Sum", pairs, "combine-sum");
  builder.parDo("Groups", grouped, sink);
  builder.parDo("Sums", summed, sink);
  const { pcollections } = planOf(builder).plan;
  expect(pcollections[pairs]).toMatchObject({
    timestamp: varies,
    pane: varies,
    read: onlyWindow,
    window: "interval",
  });
  for (const made of [grouped, summed]) {
    expect(pcollections[made]).toMatchObject({
      timestamp: { kind: "end-of-window" },
      pane: { kind: "constant" },
    });
    expect(pcollections[made]?.pane).not.toEqual(noFiring);
  }
});

test("what reads through a reshuffle and a flatten is read before them", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), pair);
  const spread = builder.reshuffle("Spread", pairs);
  const both = builder.flatten("Both", [spread, spread]);
  builder.parDo("Groups", builder.groupByKey("Group", both), sink);
  const read = { timestamp: false, window: true, pane: false };
  for (const pcollection of [pairs, spread, both]) {
    expect(planOf(builder).plan.pcollections[pcollection]?.read).toEqual(read);
  }
  builder.parDo("Look", both, sink);
  for (const pcollection of [pairs, spread, both]) {
    expect(planOf(builder).plan.pcollections[pcollection]?.read).toEqual(everything);
  }
});

test("a flatten keeps a constant that all inputs share, and no other", () => {
  const builder = new PipelineBuilder();
  const [one, two] = [builder.impulse("One"), builder.impulse("Two")];
  const same = builder.flatten("Same", [one, two]);
  const mixed = builder.flatten("Mixed", [same, builder.parDo("Made", one)]);
  const none = builder.flatten("None", []);
  for (const made of [same, mixed, none]) builder.parDo(`Sink ${made}`, made, sink);
  const { pcollections } = planOf(builder).plan;
  expect(pcollections[same]).toMatchObject({ timestamp: minimum, pane: noFiring });
  expect(pcollections[mixed]).toMatchObject({ timestamp: varies, pane: varies });
  expect(pcollections[none]).toMatchObject({ timestamp: varies, pane: varies });
});

test("a side input is read by its windows", () => {
  const builder = new PipelineBuilder();
  const side = builder.parDo("Side", builder.impulse("Other"));
  builder.parDo("Main", builder.impulse(), { ...sink, sideInputs: [side] });
  expect(planOf(builder).plan.pcollections[side]?.read).toEqual(onlyWindow);
});
