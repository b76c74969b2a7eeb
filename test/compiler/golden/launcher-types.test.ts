import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ModuleKind, ModuleResolutionKind, Project, ScriptTarget } from "ts-morph";
import { expect, test } from "vitest";
import { findPackageRoot } from "../../../src/package-root.js";
import { listFixtures } from "../support/compile-fixture.js";

test("every golden launcher is typed against the launcher that is published", () => {
  const root = findPackageRoot();
  const project = new Project({
    skipFileDependencyResolution: true,
    compilerOptions: {
      strict: true,
      noEmit: true,
      target: ScriptTarget.ES2022,
      module: ModuleKind.ES2022,
      moduleResolution: ModuleResolutionKind.Bundler,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
      skipLibCheck: true,
    },
  });
  // Nothing of this is written: the folders are only places for the programs to be in.
  const types = readFileSync(join(root, "src/launcher/published/index.d.mts"), "utf8");
  const add = (folder: string, launcher: string): string => {
    const place = join(root, "build/launcher-types", folder);
    project.createSourceFile(join(place, "package.json.d.mts"), "export {};\n");
    project.createSourceFile(join(place, "beam2spark_launcher/index.d.mts"), types);
    return project.createSourceFile(join(place, "launcher.mts"), launcher).getFilePath();
  };
  for (const { name, expected } of listFixtures())
    add(name, readFileSync(join(expected, "launcher.ts"), "utf8"));
  const golden = readFileSync(join(listFixtures()[0]!.expected, "launcher.ts"), "utf8");
  const wrong = add("wrong", golden.replace("process.argv.slice(2)", "process.argv.length"));
  const problems = project.getPreEmitDiagnostics();
  expect(problems.map((problem) => problem.getSourceFile()?.getFilePath())).toEqual([wrong]);
});
