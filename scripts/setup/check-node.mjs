import { installCommand } from "../../src/machine/install-command.mjs";

const [neededMajor, neededMinor] = [20, 19];

/** Out: nothing when this Node is new enough, else one problem. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split(".").map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return [];
  return [
    {
      what: `Node ${neededMajor}.${neededMinor} or newer`,
      why: `this is Node ${version}`,
      install: installCommand("node"),
    },
  ];
}
