/**
 * How workers are started. `auto`: as their environment says, but without a container where that would hold nothing
 * of the user's; `process`: on this machine without a container; `docker`: in their container, whatever it holds; or
 * by a pool.
 */
export type WorkersChoice =
  | { readonly kind: "auto" | "process" | "docker" }
  | { readonly kind: "pool"; readonly endpoint: string; readonly params: ReadonlyMap<string, string> };

/** Reads what somebody has chosen: a kind, or a pool's HOST:PORT; nothing is `auto`. Out: null where it is neither. */
export function readWorkersChoice(text: string): WorkersChoice | null {
  if (text === "") return { kind: "auto" };
  if (text === "auto" || text === "process" || text === "docker") return { kind: text };
  const isAddress = /^(\[[0-9a-fA-F:.]+\]|[^\s:/]+):\d{1,5}$/.test(text);
  return isAddress ? { kind: "pool", endpoint: text, params: new Map() } : null;
}
