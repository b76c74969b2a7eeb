import { expect, it } from "vitest";
import { installCommand, type Tool } from "../../src/machine/install-command.mjs";

const linux = (ID: string, more: Record<string, string> = {}, root = false) => ({
  platform: "linux",
  release: { ID, ...more },
  root,
});

it.each<[Tool, Parameters<typeof installCommand>[1], string]>([
  ["java", linux("debian", { VERSION_ID: "12" }), "sudo apt-get install --yes openjdk-17-jdk-headless"],
  ["java", linux("debian", { VERSION_ID: "13" }, true), "apt-get install --yes openjdk-21-jdk-headless"],
  [
    "java",
    linux("linuxmint", { ID_LIKE: "ubuntu debian" }),
    "sudo apt-get install --yes openjdk-21-jdk-headless",
  ],
  ["java", linux("rocky", { ID_LIKE: "rhel centos" }), "sudo dnf install java-21-openjdk-devel"],
  ["venv", linux("ubuntu"), "sudo apt-get install --yes python3-venv"],
  ["python", { platform: "darwin", release: {}, root: false }, "brew install python@3.12"],
  ["maven", linux("debian", {}, true), "apt-get install --yes maven"],
  ["maven", { platform: "darwin", release: {}, root: false }, "brew install maven"],
  ["node", linux("alpine", {}, true), "npx --yes n 22"],
])("%s on %j is brought by %s", (tool, machine, command) => {
  expect(installCommand(tool, machine)).toBe(command);
});
