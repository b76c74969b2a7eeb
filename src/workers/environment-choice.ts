/** Where functions run: where the pipeline says, on this machine without a container, or in a pool's workers. */
export type EnvironmentChoice =
  | { readonly kind: "pipeline" }
  | { readonly kind: "process" }
  | { readonly kind: "pool"; readonly endpoint: string };

/** Reads what somebody has chosen: `pipeline`, `process`, or a pool's HOST:PORT; null where it is none of them. */
export function readEnvironmentChoice(text: string): EnvironmentChoice | null {
  if (text === "pipeline" || text === "process") return { kind: text };
  return /^(\[[0-9a-fA-F:.]+\]|[^\s:/]+):\d{1,5}$/.test(text) ? { kind: "pool", endpoint: text } : null;
}
