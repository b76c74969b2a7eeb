// Plain JavaScript, as everything in this folder: the set-up uses it before anything is built.
import { readFileSync } from "node:fs";

const aptPackages = { python: "python3 python3-venv", venv: "python3-venv", maven: "maven" };
const managers = {
  fedora: {
    command: "dnf install",
    java: "java-21-openjdk-devel",
    python: "python3.11",
    venv: "python3.11",
    maven: "maven",
  },
  arch: { command: "pacman -S", java: "jdk21-openjdk", python: "python", venv: "python", maven: "maven" },
  alpine: { command: "apk add", java: "openjdk21-jdk", python: "python3", venv: "python3", maven: "maven" },
  suse: {
    command: "zypper install",
    java: "java-21-openjdk-devel",
    python: "python311",
    venv: "python311",
    maven: "maven",
  },
  darwin: {
    command: "brew install",
    java: "openjdk@21",
    python: "python@3.12",
    venv: "python@3.12",
    maven: "maven",
  },
  win32: {
    command: "winget install",
    java: "EclipseAdoptium.Temurin.21.JDK",
    python: "Python.Python.3.12",
    venv: "Python.Python.3.12",
    maven: "Apache.Maven",
  },
};

function readOsRelease() {
  try {
    const lines = readFileSync("/etc/os-release", "utf8").split("\n");
    return Object.fromEntries(
      lines
        .map((line) => /^([A-Z_]+)="?([^"]*)"?$/.exec(line))
        .filter((match) => match !== null)
        .map((match) => [match[1], match[2]]),
    );
  } catch {
    return {};
  }
}

/** What this machine runs, as far as the choice of an install command goes. */
export function describeMachine() {
  return {
    platform: process.platform,
    release: process.platform === "linux" ? readOsRelease() : {},
    root: typeof process.getuid === "function" && process.getuid() === 0,
  };
}

function javaOfDebian(release) {
  const old = release.ID === "debian" && Number.parseInt(release.VERSION_ID ?? "13", 10) < 13;
  return old ? "openjdk-17-jdk-headless" : "openjdk-21-jdk-headless";
}

/**
 * The command that installs a tool on a machine.
 *
 * In: `tool` is "node", "java", "python", "venv" or "maven"; `machine` comes from `describeMachine`.
 * Out: one line for a shell.
 */
export function installCommand(tool, machine = describeMachine()) {
  const sudo = machine.root || machine.platform !== "linux" ? "" : "sudo ";
  if (tool === "node") return `${sudo}npx --yes n 22`;
  const names = `${machine.release.ID ?? ""} ${machine.release.ID_LIKE ?? ""}`;
  const family =
    machine.platform === "linux"
      ? ["fedora", "arch", "alpine", "suse"].find(
          (name) => names.includes(name) || (name === "fedora" && names.includes("rhel")),
        )
      : machine.platform;
  const manager = managers[family ?? ""];
  if (manager !== undefined) {
    const needsRoot = machine.platform === "linux";
    return `${needsRoot ? sudo : ""}${manager.command} ${manager[tool]}`;
  }
  const name = tool === "java" ? javaOfDebian(machine.release) : aptPackages[tool];
  return `${sudo}apt-get install --yes ${name}`;
}
