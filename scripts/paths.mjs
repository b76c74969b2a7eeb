import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const virtualEnvironment = join(root, ".venv");
export const virtualPython =
  process.platform === "win32"
    ? join(virtualEnvironment, "Scripts", "python.exe")
    : join(virtualEnvironment, "bin", "python");
export const requirementsFile = join(root, "scripts", "requirements.txt");
export const buildFolder = join(root, "build");
