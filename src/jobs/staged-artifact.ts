/** One entry of a capture's `manifest.json`: a file that an environment needs, kept under its SHA-256. */
export interface StagedArtifact {
  /** The environment's id in the pipeline. */
  readonly environment: string;
  readonly typeUrn: string;
  readonly roleUrn: string;
  /** The role's payload as it came, in base64. */
  readonly rolePayload: string;
  /** The name that the file has on a worker; null where the role gives none. */
  readonly stagedName: string | null;
  readonly sha256: string;
  readonly size: number;
}
