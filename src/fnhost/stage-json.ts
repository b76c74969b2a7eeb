import { z } from "zod";
import type { Layout } from "../compiler/4-physical/layout.js";

const layout = z.custom<Layout>((value) => typeof value === "object" && value !== null && "value" in value);

const grouping = z.object({
  name: z.string(),
  merge: z.enum(["none", "sessions", "custom"]),
  timestamp: z.enum(["end-of-window", "earliest", "latest"]),
  windowing: z.string(),
});

/** How clustered rows make groups. */
export type Grouping = z.infer<typeof grouping>;

/** What the host reads of a stage's JSON (ARCHITECTURE.md, "Stages"). */
export const stageJson = z.object({
  name: z.string(),
  transforms: z.array(z.string()),
  input: z.object({ layout, grouped: grouping.nullable(), keyed: z.boolean().default(false) }),
  outputs: z.array(z.object({ layout })),
  sideInputs: z.array(z.object({ pcollection: z.string(), layout })).default([]),
});

export type StageJson = z.infer<typeof stageJson>;
