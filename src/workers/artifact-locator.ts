import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { artifactFileName } from "../beam/artifact-file-name.js";
import { readSha256 } from "../beam/artifact-sha256.js";
import { ArtifactFilePayload, ArtifactInformation } from "../beam/protos/types/environment.js";
import { stagedNameOf, submissionListName } from "../beam/staged-name.js";
import { URN } from "../beam/urns.js";
import type { HostedArtifact } from "../fnhost/hosted-artifact.js";
import { startFailure } from "./start-failure.js";

interface KnownFile {
  readonly size: number;
  readonly changed: number;
  readonly sha256: Promise<string>;
}

/** Finds the files that environments depend on, and what they contain: each is read once. */
export class ArtifactLocator {
  readonly #known = new Map<string, KnownFile>();

  /**
   * The files that an environment's workers may fetch.
   *
   * @param folder a project's `artifacts/`; empty where it has none
   * @param isEager whether a file that is missing is an error, and not left out. Errors: a WorkerNotStartedError
   */
  async locate(
    dependencies: readonly ArtifactInformation[],
    folder: string,
    isEager: boolean,
  ): Promise<readonly HostedArtifact[]> {
    const found: HostedArtifact[] = [];
    for (const dependency of dependencies) {
      const hosted = await this.#locateOne(dependency, folder);
      if (hosted !== null) found.push(hosted);
      else if (isEager && stagedNameOf(dependency) !== submissionListName) {
        throw startFailure("worker/artifact-missing", {
          name: artifactFileName(dependency) ?? stagedNameOf(dependency) ?? dependency.typeUrn,
        });
      }
    }
    return found;
  }

  async #locateOne(dependency: ArtifactInformation, folder: string): Promise<HostedArtifact | null> {
    if (dependency.typeUrn === URN.artifactEmbedded) return { information: dependency, path: null };
    const name = artifactFileName(dependency);
    if (name === null || folder === "") return null;
    const path = join(folder, name);
    const sha256 = await this.#hash(path);
    if (sha256 === null) return null;
    const promised = readSha256(dependency).toLowerCase();
    if (promised !== "" && promised !== sha256) {
      throw startFailure("worker/artifact-refused", {
        name,
        reason: "it is not the file that the pipeline names",
      });
    }
    const { roleUrn, rolePayload } = dependency;
    const typePayload = ArtifactFilePayload.encode({ path: name, sha256 });
    const information = { typeUrn: URN.artifactFile, typePayload, roleUrn, rolePayload };
    return { information: ArtifactInformation.decode(ArtifactInformation.encode(information)), path };
  }

  async #hash(path: string): Promise<string | null> {
    let found: { readonly size: number; readonly mtimeMs: number };
    try {
      found = await stat(path);
    } catch {
      return null;
    }
    const known = this.#known.get(path);
    if (known?.size === found.size && known.changed === found.mtimeMs) return known.sha256;
    const sha256 = hashFile(path);
    this.#known.set(path, { size: found.size, changed: found.mtimeMs, sha256 });
    sha256.catch(() => this.#known.delete(path));
    return sha256;
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}
