/** What reading accepts. Pipelines of people are far below; what is above is refused before it costs memory. */
export const limits = {
  /** Bytes of the pipeline, as proto or as JSON. */
  pipelineBytes: 256 * 1024 * 1024,
  /** Bytes of the options' and the manifests' JSON. */
  sideFileBytes: 16 * 1024 * 1024,
  /** Bytes of one artifact, unpacked. */
  artifactBytes: 1024 * 1024 * 1024,
  /** Entries of a jar. */
  jarEntries: 200_000,
  /** Coders inside coders. */
  coderNesting: 200,
  /** Transforms inside transforms. */
  transformNesting: 500,
} as const;
