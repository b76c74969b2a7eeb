import { z } from "zod";
import type { Layout } from "../compiler/4-physical/layout.js";

const layout = z.custom<Layout>((value) => typeof value === "object" && value !== null && "value" in value);

/** What the host reads of a stage's JSON (ARCHITECTURE.md, "Stages"). */
export const stageJson = z.object({
  name: z.string(),
  transforms: z.array(z.string()),
  input: z.object({ layout }),
  outputs: z.array(z.object({ layout })),
});

export type StageJson = z.infer<typeof stageJson>;
