import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { runStep } from "./run-step.mjs";

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return null;
  }
}

/** Says whether node_modules holds what the lock file asks for; packages for other platforms may be absent. */
export function areNpmPackagesInstalled(wanted, installed) {
  if (wanted === null || installed === null) return false;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" ||
      installed[path]?.version === entry.version ||
      (installed[path] === undefined && entry.optional === true),
  );
}

/** Runs `npm ci` unless node_modules already agrees with package-lock.json. */
export function installNpmPackages() {
  const wanted = readPackages(join(root, "package-lock.json"));
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (areNpmPackagesInstalled(wanted, installed)) return;
  const options = { cwd: root, shell: process.platform === "win32" };
  runStep("npm packages", "npm", ["ci", "--no-audit", "--no-fund"], options);
}
