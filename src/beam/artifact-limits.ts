/** Most bytes that one artifact, and all those of one job or worker, may have. */
export const artifactLimits = { artifact: 2 ** 30, job: 4 * 2 ** 30 } as const;

/** The same limits with other numbers. */
export type ArtifactLimits = { readonly [K in keyof typeof artifactLimits]: number };
