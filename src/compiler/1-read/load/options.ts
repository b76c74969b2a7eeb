import type { JsonObject } from "../json.js";
import { refuse } from "./refusal.js";

/** The JSON object that a file holds; `path` names the file where it holds none. Null stands for no file: no options. */
export function parseOptions(content: Uint8Array | null, path: string): JsonObject {
  if (content === null) return {};
  const json = parseJsonFile(content);
  if (json === undefined) refuse("read/options-invalid", { path }, { reason: "it is not JSON" });
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    refuse("read/options-invalid", { path }, { reason: "it is not a JSON object" });
  }
  return json as JsonObject;
}

/** The JSON value that a file holds, or undefined where it holds none. */
export function parseJsonFile(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content));
  } catch {
    return undefined;
  }
}
