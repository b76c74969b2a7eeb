import { describe, expect, it } from "vitest";
import { URN } from "../../../src/beam/urns.js";
import type { EnvironmentNode } from "../../../src/compiler/2-graph/graph.js";
import { type LaneChoice, lanesOf } from "../../../src/compiler/3-plan/support/lanes.js";

function environment(
  language: EnvironmentNode["language"],
  urn: string,
  description: string,
): EnvironmentNode {
  return { id: "e", urn, description, language, sdkVersion: null, pythonVersion: null, resourceHints: [] };
}

const beamPython = environment("python", URN.environmentDocker, "apache/beam_python3.11_sdk:2.77.0");
const ownImage = environment("python", URN.environmentDocker, "registry/ours:1");
const pool = environment("python", URN.environmentExternal, "localhost:50000");
const command = environment("python", URN.environmentProcess, "/opt/boot");
const goImage = environment("go", URN.environmentDocker, "apache/beam_go_sdk:2.77.0");
const unnamed = environment("python", "", "");

describe("the lane of an environment's functions", () => {
  it.each<[string, EnvironmentNode, LaneChoice, string]>([
    ["Beam's image for Python", beamPython, "auto", "in-process"],
    ["no image at all", unnamed, "auto", "in-process"],
    ["an image of one's own", ownImage, "auto", "fn-api"],
    ["a worker pool", pool, "auto", "fn-api"],
    ["a command", command, "auto", "fn-api"],
    ["Go", goImage, "auto", "fn-api"],
    ["Beam's image for Python", beamPython, "fn-api", "fn-api"],
    ["a worker pool", pool, "in-process", "in-process"],
  ])("%s, %o, --lane %s", (_title, node, choice, lane) => {
    expect(lanesOf(node, choice).find(({ possible }) => possible)?.lane).toBe(lane);
  });

  it("is none for another language in process, and for functions without an environment", () => {
    for (const lanes of [lanesOf(goImage, "in-process"), lanesOf(undefined, "auto")]) {
      expect(lanes.filter(({ possible }) => possible)).toEqual([]);
      expect(lanes.map(({ reason }) => reason)).not.toContain("");
    }
  });
});
