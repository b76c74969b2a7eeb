import { accessSync, constants } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** The file that a command starts: a path as it is, a bare name where the PATH has it; null where there is none. */
export function findCommand(command: string, { PATH = "" }: NodeJS.ProcessEnv): string | null {
  const candidates = command.includes("/")
    ? [resolve(command)]
    : PATH.split(delimiter)
        .filter((folder) => folder !== "")
        .map((folder) => join(folder, command));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
