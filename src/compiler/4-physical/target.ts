/** What can be written for a plan. */
export const targets = ["pyspark", "scala"] as const;

export type Target = (typeof targets)[number];
