import type { Draft } from "../beam/protos/message-type.js";
import { ParDoPayload } from "../beam/protos/types/payloads.js";
import type { PTransform } from "../beam/protos/types/pipeline.js";
import { TimeDomain } from "../beam/protos/types/windowing.js";
import { URN } from "../beam/urns.js";
import type { TimerFamily } from "./bundle.js";

/** A timer family as the host handles it. */
export interface StageTimers extends TimerFamily {
  readonly isProcessingTime: boolean;
  /** Whether its one timer of each key and window is the window's end, which the host sets. */
  readonly isExpiration: boolean;
}

/**
 * Finds the timer families of a stage's functions, and gives them a coder that the host reads.
 *
 * @param transforms in which functions with timers are replaced
 * @param timerCoder the id of the coder of all their timers: all see the same keys and windows
 */
export function describeTimers(
  transforms: Map<string, Draft<PTransform>>,
  timerCoder: () => string,
): readonly StageTimers[] {
  const timers: StageTimers[] = [];
  for (const [transform, message] of [...transforms] as [string, PTransform][]) {
    if (message.spec?.urn !== URN.parDo) continue;
    const payload = ParDoPayload.decode(message.spec.payload);
    if (payload.timerFamilySpecs.size === 0) continue;
    const timerFamilySpecs = new Map(
      [...payload.timerFamilySpecs].map(([family, spec]) => {
        const isProcessingTime = spec.timeDomain === TimeDomain.PROCESSING_TIME;
        const isExpiration = family === payload.onWindowExpirationTimerFamilySpec;
        timers.push({ transform, family, isProcessingTime, isExpiration });
        return [family, { ...spec, timerFamilyCoderId: timerCoder() }];
      }),
    );
    const spec = { ...message.spec, payload: ParDoPayload.encode({ ...payload, timerFamilySpecs }) };
    transforms.set(transform, { ...message, spec });
  }
  return timers;
}
