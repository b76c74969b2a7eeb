/** `ArtifactInformation` of the pipeline proto. */
export interface ArtifactInformation {
  readonly typeUrn: string;
  readonly typePayload: Uint8Array;
  readonly roleUrn: string;
  readonly rolePayload: Uint8Array;
}

/** The files that one environment of a pipeline depends on, as the pipeline names them. */
export interface EnvironmentArtifacts {
  readonly environment: string;
  readonly dependencies: readonly ArtifactInformation[];
}
