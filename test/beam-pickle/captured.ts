import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The picklers of the Python SDK: cloudpickle of 2.77, and dill, the default of the versions before 2.65. */
export const picklers = ["cloudpickle", "dill"] as const;

export type PicklerName = (typeof picklers)[number];

/** A payload that `data/make.py` captured from a real pipeline. */
export function readCaptured(pickler: PicklerName, name: string): Uint8Array {
  return readFileSync(new URL(`data/${pickler}/${name}.bin`, import.meta.url));
}

/** The names of a pickler's payloads that begin with `prefix`, sorted. */
export function listCaptured(pickler: PicklerName, prefix: string): string[] {
  return readdirSync(fileURLToPath(new URL(`data/${pickler}`, import.meta.url)))
    .filter((name) => name.startsWith(prefix) && name.endsWith(".bin"))
    .map((name) => name.slice(0, -".bin".length))
    .sort();
}
