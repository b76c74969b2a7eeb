import { join } from "node:path";
import { ArtifactStore } from "./contract/artifact-store.js";
import { PackageStore } from "./contract/package-store.js";
import { Forkers } from "./fork/forkers.js";
import type { WorkerContext } from "./worker-context.js";

/** What this machine has for workers, all of whose files are in one folder. */
export function makeContext(
  given: Pick<WorkerContext, "folder" | "variables" | "onOutput"> & Partial<WorkerContext>,
): WorkerContext {
  return {
    python: "python3",
    boot: null,
    docker: "docker",
    enginePatience: 15_000,
    packages: new PackageStore(join(given.folder, "packages")),
    artifacts: new ArtifactStore(join(given.folder, "artifacts")),
    forkers: new Forkers(given),
    ...given,
  };
}
