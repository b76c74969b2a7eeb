import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isPlainPath } from "../../beam/staged-name.js";
import { URN } from "../../beam/urns.js";
import { startFailure } from "../start-failure.js";
import type { FetchedArtifact } from "./fetch-artifacts.js";

/** One run of pip: what it is for, and its arguments. */
export interface PipStep {
  readonly name: string;
  readonly words: readonly string[];
}

const extraPackages = "extra_packages.txt";
const workflow = "workflow.tar.gz";
const requirements = "requirements.txt";

/**
 * What of a worker's staged files is to be installed, in the order of Beam's boot program: requirements, for which
 * the folder itself is looked through first, the extra packages that a list names, and the workflow's own package.
 */
export function listPackages(staged: string, artifacts: readonly FetchedArtifact[]): readonly PipStep[] {
  const names = new Set(artifacts.map(({ name }) => name));
  const lists = artifacts
    .filter(({ name, roleUrn }) => name === requirements || roleUrn === URN.artifactPipRequirements)
    .map(({ name }) => ({ name, words: ["-r", join(staged, name), "--find-links", staged] }));
  const extra = names.has(extraPackages) ? readLines(join(staged, extraPackages)) : [];
  for (const name of extra) {
    if (isPlainPath(name) && existsSync(join(staged, name))) continue;
    throw startFailure("worker/artifact-refused", {
      name,
      reason: `${extraPackages} names it, and it is no staged file`,
    });
  }
  const packages = names.has(workflow) ? [...extra, workflow] : extra;
  return [...lists, ...packages.map((name) => ({ name, words: ["--no-deps", join(staged, name)] }))];
}

function readLines(path: string): readonly string[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
