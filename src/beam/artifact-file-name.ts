import { readSha256 } from "./artifact-sha256.js";
import type { ArtifactInformation } from "./protos/types/environment.js";
import { isPlainPath, stagedNameOf } from "./staged-name.js";
import { URN } from "./urns.js";

/** The name of a Go worker's binary, which its role doesn't give. */
export const goWorkerFileName = "go_worker_binary";

/**
 * The name of an artifact's file in a project's `artifacts/`: the one that it is to have on the worker, else
 * that of its role, else its SHA-256. Null where it has none of them, and for a name that is no plain path.
 */
export function artifactFileName(artifact: ArtifactInformation): string | null {
  const { roleUrn } = artifact;
  return nameArtifactFile({ roleUrn, stagedName: stagedNameOf(artifact), sha256: readSha256(artifact) });
}

/** The same of an artifact that was taken apart already. */
export function nameArtifactFile({ roleUrn, stagedName, sha256 }: ArtifactParts): string | null {
  if (stagedName !== null) return isPlainPath(stagedName) ? stagedName : null;
  if (roleUrn === URN.artifactGoWorker) return goWorkerFileName;
  const digest = sha256?.toLowerCase() ?? "";
  return /^[0-9a-f]{64}$/.test(digest) ? digest : null;
}

interface ArtifactParts {
  readonly roleUrn: string;
  readonly stagedName: string | null;
  readonly sha256: string | null;
}
