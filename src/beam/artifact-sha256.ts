import {
  ArtifactFilePayload,
  type ArtifactInformation,
  ArtifactUrlPayload,
} from "./protos/types/environment.js";
import { URN } from "./urns.js";

/** The SHA-256 that an artifact gives for its content, in hexadecimal; "" where it gives none. */
export function readSha256({ typeUrn, typePayload }: ArtifactInformation): string {
  if (typeUrn === URN.artifactFile) return ArtifactFilePayload.decode(typePayload).sha256;
  if (typeUrn === URN.artifactUrl) return ArtifactUrlPayload.decode(typePayload).sha256;
  return "";
}
