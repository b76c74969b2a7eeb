import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { findPackageRoot } from "../../src/package-root.js";

const source = join(findPackageRoot(), "src");

/** A file of `src/` and what it imports; paths are below `src/`, with "/". */
export interface SourceImports {
  readonly file: string;
  readonly text: string;
  /** Files of ours, types and dynamic imports included. */
  readonly files: readonly string[];
  /** Packages and Node's own modules, as they are written. */
  readonly packages: readonly string[];
}

/** Every TypeScript file of `src/` with its imports. */
export function readSourceImports(): readonly SourceImports[] {
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(source.length + 1))
    .sort()
    .map(readImports);
}

function readImports(file: string): SourceImports {
  const text = readFileSync(join(source, file), "utf8");
  const specifiers = [
    ...text.matchAll(
      /(?:^|[;\n]\s*)(?:import|export)\b[^;'"]*?from\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)|^import\s*"([^"]+)"/gm,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
  const isOurs = (specifier: string): boolean => specifier.startsWith(".");
  return {
    file,
    text,
    files: specifiers
      .filter(isOurs)
      .map((specifier) => posix.join(dirname(file), specifier).replace(/\.js$/, ".ts")),
    packages: specifiers.filter((specifier) => !isOurs(specifier)),
  };
}
