import { expect, test } from "vitest";
import { decodeCombinePayload } from "../../src/beam/payloads/combine.js";
import { decodeExternalPayload, decodeProcessPayload } from "../../src/beam/payloads/environment.js";
import { decodeParDoPayload } from "../../src/beam/payloads/par-do.js";
import { decodeReadPayload } from "../../src/beam/payloads/read.js";
import { decodeWindowFn } from "../../src/beam/payloads/window-fn.js";
import { checkWindowingStrategy } from "../../src/beam/payloads/windowing-strategy.js";
import { ExternalPayload, ProcessPayload } from "../../src/beam/protos/types/environment.js";
import { CombinePayload, ParDoPayload, ReadPayload } from "../../src/beam/protos/types/payloads.js";
import { IsBounded } from "../../src/beam/protos/types/pipeline.js";
import {
  FixedWindowsPayload,
  SessionWindowsPayload,
  SlidingWindowsPayload,
  TimeDomain,
  WindowingStrategy,
} from "../../src/beam/protos/types/windowing.js";
import { URN } from "../../src/beam/urns.js";

const payload = new Uint8Array([1, 2]);
const doFn = { urn: "beam:dofn:pickled_python_info:v1", payload };

test("a ParDo's payload is read whole", () => {
  const decoded = decodeParDoPayload(
    ParDoPayload.encode({
      doFn,
      sideInputs: new Map([
        ["side", { accessPattern: { urn: URN.sideInputIterable }, viewFn: { urn: "view" } }],
      ]),
      stateSpecs: new Map([["seen", { bagSpec: { elementCoderId: "c1" } }]]),
      timerFamilySpecs: new Map([["t", { timeDomain: TimeDomain.EVENT_TIME, timerFamilyCoderId: "c2" }]]),
      requiresStableInput: true,
    }),
  );
  expect(decoded).toMatchObject({
    ok: true,
    value: {
      doFn,
      requiresStableInput: true,
      requestsFinalization: false,
      restrictionCoderId: "",
      sideInputs: new Map([
        [
          "side",
          {
            accessPattern: { urn: URN.sideInputIterable, payload: new Uint8Array(0) },
            viewFn: { urn: "view", payload: new Uint8Array(0) },
            windowMappingFn: null,
          },
        ],
      ]),
      timerFamilySpecs: new Map([["t", { timeDomain: "EVENT_TIME", timerFamilyCoderId: "c2" }]]),
    },
  });
  expect(decoded.ok && [...decoded.value.stateSpecs.keys()]).toEqual(["seen"]);
});

test("what is wrong is named by its field, all of it", () => {
  const decoded = decodeParDoPayload(
    ParDoPayload.encode({
      sideInputs: new Map([["a b", {}]]),
      stateSpecs: new Map([["seen", { protocol: { urn: URN.stateBag } }]]),
      timerFamilySpecs: new Map([["t", { timeDomain: 9 }]]),
    }),
  );
  expect(decoded).toEqual({
    ok: false,
    why: [
      "do_fn is missing",
      'side_inputs["a b"].access_pattern is missing',
      'state_specs["seen"] is of no known kind',
      'timer_family_specs["t"].time_domain has the unknown value 9',
      'timer_family_specs["t"].timer_family_coder_id is empty',
    ].join("; "),
  });
});

test("bytes that are no payload are refused, never thrown", () => {
  const decoded = decodeCombinePayload(new Uint8Array([0x0a, 0x7f]));
  expect(decoded).toEqual({ ok: false, why: "combine_fn: it ends in the middle of a field" });
});

test("combines and reads", () => {
  expect(decodeCombinePayload(CombinePayload.encode({ combineFn: doFn, accumulatorCoderId: "c1" }))).toEqual({
    ok: true,
    value: { combineFn: doFn, accumulatorCoderId: "c1" },
  });
  expect(decodeCombinePayload(CombinePayload.encode({ combineFn: doFn }))).toEqual({
    ok: false,
    why: "accumulator_coder_id is empty",
  });
  const bounded = ReadPayload.encode({ source: doFn, isBounded: IsBounded.BOUNDED });
  expect(decodeReadPayload(bounded)).toEqual({ ok: true, value: { source: doFn, isBounded: true } });
  const unbounded = ReadPayload.encode({ source: doFn, isBounded: IsBounded.UNBOUNDED });
  expect(decodeReadPayload(unbounded)).toMatchObject({ value: { isBounded: false } });
  expect(decodeReadPayload(ReadPayload.encode({ source: doFn }))).toEqual({
    ok: false,
    why: "is_bounded does not say whether the source ends",
  });
});

test("environments", () => {
  expect(
    decodeProcessPayload(ProcessPayload.encode({ command: "boot", env: new Map([["A", "b"]]) })),
  ).toEqual({
    ok: true,
    value: { os: "", arch: "", command: "boot", env: new Map([["A", "b"]]) },
  });
  expect(decodeExternalPayload(ExternalPayload.encode({ endpoint: {} }))).toEqual({
    ok: false,
    why: "endpoint.url is empty",
  });
});

test("window functions in milliseconds", () => {
  const fixed = FixedWindowsPayload.encode({
    size: { seconds: 10n },
    offset: { seconds: -1n, nanos: 999_999_999 },
  });
  expect(decodeWindowFn(URN.windowFnFixed, fixed)).toEqual({
    ok: true,
    value: { kind: "fixed", size: 10_000n, offset: -1n },
  });
  const sliding = SlidingWindowsPayload.encode({
    size: { seconds: 1n, nanos: 500_000_000 },
    period: { seconds: 1n },
  });
  expect(decodeWindowFn(URN.windowFnSliding, sliding)).toEqual({
    ok: true,
    value: { kind: "sliding", size: 1_500n, period: 1_000n, offset: 0n },
  });
  expect(decodeWindowFn(URN.windowFnSession, SessionWindowsPayload.encode({}))).toEqual({
    ok: false,
    why: "gap_size is not at least a millisecond",
  });
  expect(decodeWindowFn(URN.windowFnGlobal, new Uint8Array(0))).toEqual({
    ok: true,
    value: { kind: "global" },
  });
  expect(decodeWindowFn("beam:window_fn:pickled_python:v1", payload)).toBeNull();
});

test("a windowing strategy by names; unknown numbers are refused", () => {
  const strategy = {
    windowFn: { urn: URN.windowFnGlobal },
    mergeStatus: 1,
    windowCoderId: "c1",
    trigger: { default: {} },
    accumulationMode: 1,
    outputTime: 1,
    closingBehavior: 2,
    onTimeBehavior: 1,
  };
  const decode = (draft: Parameters<typeof WindowingStrategy.encode>[0]) =>
    checkWindowingStrategy(WindowingStrategy.decode(WindowingStrategy.encode(draft)));
  expect(decode(strategy)).toMatchObject({
    ok: true,
    value: {
      mergeStatus: "NON_MERGING",
      trigger: "default",
      outputTime: "END_OF_WINDOW",
      allowedLateness: 0n,
    },
  });
  expect(decode({ ...strategy, outputTime: 77, trigger: undefined, windowFn: {} })).toEqual({
    ok: false,
    why: "window_fn.urn is empty; trigger is missing; output_time has the unknown value 77",
  });
  expect(decode({ ...strategy, trigger: {} })).toEqual({ ok: false, why: "trigger is of no known kind" });
});
