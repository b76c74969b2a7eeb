import { MalformedMessageError } from "../../beam/protos/malformed.js";
import {
  type ArtifactInformation,
  ArtifactStagingToRolePayload,
} from "../../beam/protos/types/environment.js";
import { URN } from "../../beam/urns.js";

/** The name that an artifact is to have on the worker; null where its role gives none, or none that can be read. */
export function stagedNameOf({ roleUrn, rolePayload }: ArtifactInformation): string | null {
  if (roleUrn !== URN.artifactStagingTo) return null;
  try {
    return ArtifactStagingToRolePayload.decode(rolePayload).stagedName;
  } catch (error) {
    if (error instanceof MalformedMessageError) return null;
    throw error;
  }
}
