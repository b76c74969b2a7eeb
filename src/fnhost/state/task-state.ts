import type { StateKey } from "../../beam/protos/types/state.js";
import type { StateBackend } from "../state-stream.js";

/** Answers a task's requests: those for side inputs from one place, all others from what its input holds, if it does. */
export function createTaskState(sideInputs: StateBackend, own: () => StateBackend | null): StateBackend {
  const of = (key: StateKey): StateBackend => (isSideInput(key) ? sideInputs : (own() ?? sideInputs));
  return {
    get: (key, token) => of(key).get(key, token),
    append: (key, data) => of(key).append(key, data),
    clear: (key) => of(key).clear(key),
  };
}

function isSideInput(key: StateKey): boolean {
  return [
    key.iterableSideInput,
    key.multimapSideInput,
    key.multimapKeysSideInput,
    key.multimapKeysValuesSideInput,
  ].some((one) => one !== undefined);
}
