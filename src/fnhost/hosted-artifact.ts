import type { ArtifactInformation } from "../beam/protos/types/environment.js";

/** A file that a worker may fetch. */
export interface HostedArtifact {
  /** What the worker is told of it: its role, its SHA-256, and no path of this machine. */
  readonly information: ArtifactInformation;
  /** Where it lies; null where it is embedded. */
  readonly path: string | null;
}
