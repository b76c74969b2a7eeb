import type { ArtifactInformation } from "../beam/protos/types/environment.js";

/** The files that one environment of a pipeline depends on, as the pipeline names them. */
export interface EnvironmentArtifacts {
  readonly environment: string;
  readonly dependencies: readonly ArtifactInformation[];
}
