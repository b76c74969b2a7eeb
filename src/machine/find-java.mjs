import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

const supportedVersions = [17, 21];
// Spark starts every JVM with --add-modules=jdk.incubator.vector and dies without a word where it is missing.
const neededModule = "jdk.incubator.vector";

const systemFolders = {
  darwin: ["/Library/Java/JavaVirtualMachines", "/opt/homebrew/opt", "/usr/local/opt"],
  linux: ["/usr/lib/jvm", "/usr/java", "/opt/java"],
};

function knownFolders(platform) {
  const parents = systemFolders[platform] ?? [];
  const homes = [];
  for (const parent of parents) {
    let names = [];
    try {
      names = readdirSync(parent).sort();
    } catch {
      continue;
    }
    for (const name of names) {
      homes.push(join(parent, name, "Contents", "Home"), join(parent, name));
    }
  }
  return homes;
}

function* candidateExecutables(environment, platform) {
  const executable = platform === "win32" ? "java.exe" : "java";
  const home = environment.JAVA_HOME;
  if (home) yield join(home, "bin", executable);
  for (const folder of (environment.PATH ?? "").split(delimiter)) {
    if (folder !== "") yield join(folder, executable);
  }
  for (const folder of knownFolders(platform)) yield join(folder, "bin", executable);
}

function inspect(executable) {
  const options = { encoding: "utf8", timeout: 20_000, stdio: ["ignore", "pipe", "pipe"] };
  const listed = spawnSync(executable, ["--list-modules"], options);
  const base = /^java\.base@(\d+)/m.exec(listed.stdout ?? "");
  if (base !== null) {
    const full = new RegExp(`^${neededModule}@`, "m").test(listed.stdout);
    return { version: Number(base[1]), full };
  }
  // Java 8 knows no modules.
  const asked = spawnSync(executable, ["-version"], options);
  const version = /version "(?:1\.)?(\d+)/.exec(asked.stderr ?? "");
  return version === null ? null : { version: Number(version[1]), full: false };
}

/**
 * Finds a Java that Spark 4 runs on: a full 17 or 21, in JAVA_HOME, on the PATH, or where systems keep theirs.
 *
 * In: the environment to look in (default: the process's).
 * Out: `{ ok: true, home, version }`, or `{ ok: false, why }` that names what was found instead.
 */
export function findJava(environment = process.env, platform = process.platform) {
  const refused = [];
  const seen = new Set();
  for (const candidate of candidateExecutables(environment, platform)) {
    if (!existsSync(candidate)) continue;
    const executable = realpathSync(candidate);
    if (seen.has(executable)) continue;
    seen.add(executable);
    const found = inspect(executable);
    if (found === null) refused.push(`${candidate} does not start`);
    else if (!supportedVersions.includes(found.version))
      refused.push(`${candidate} is Java ${found.version}`);
    else if (!found.full)
      refused.push(`${candidate} is a cut-down runtime without the module ${neededModule}`);
    else return { ok: true, home: dirname(dirname(executable)), version: found.version };
  }
  return { ok: false, why: refused.length === 0 ? "no Java was found" : refused.join("; ") };
}
