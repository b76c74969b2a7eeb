import { expect, test } from "vitest";
import { URN } from "../../src/beam/urns.js";
import type { Artifact } from "../../src/compiler/1-read/artifact.js";
import { loadArtifacts } from "../../src/compiler/load-materials.js";

function artifact(roleUrn: string, stagedName: string | null, text: string): Artifact {
  return {
    environment: "env",
    roleUrn,
    rolePayload: new Uint8Array(),
    stagedName,
    sha256: "ab".repeat(32),
    size: text.length,
    load: async () => ({ ok: true, value: Buffer.from(text), warnings: [] }),
  };
}

test("a project has each artifact under its worker's name for it, or that of its role, or its SHA-256", async () => {
  const loaded = await loadArtifacts([
    artifact(URN.artifactStagingTo, "a.whl", "wheel"),
    artifact(URN.artifactGoWorker, null, "binary"),
    artifact("beam:artifact:role:other:v1", null, "other"),
  ]);
  expect(loaded).toMatchObject({
    ok: true,
    value: [{ path: "a.whl" }, { path: "go_worker_binary" }, { path: "ab".repeat(32) }],
  });
});
