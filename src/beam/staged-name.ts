import { MalformedMessageError } from "./protos/malformed.js";
import { type ArtifactInformation, ArtifactStagingToRolePayload } from "./protos/types/environment.js";
import { URN } from "./urns.js";

/** What the submitting environment had installed: the SDK's worker logs it and reads nothing else of it. */
export const submissionListName = "submission_environment_dependencies.txt";

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

/** Whether a path names something below its folder in all operating systems: relative, plain, no `..`. */
export function isPlainPath(path: string): boolean {
  return (
    path !== "" &&
    !/[\\:\p{Cc}]/u.test(path) &&
    path.split("/").every((segment) => segment !== "" && segment !== "." && segment !== "..")
  );
}
