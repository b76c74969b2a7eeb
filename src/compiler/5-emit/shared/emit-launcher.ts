import { Project, ts } from "ts-morph";
import type { SourceFile } from "../source-file.js";

let made: readonly SourceFile[] | null = null;

/**
 * `launcher.ts` and the JavaScript that it becomes: a program that checks the environment, starts `spark-submit`,
 * follows progress and exits with the job's status. What it does stands in `beam2spark_launcher/`, against whose
 * types it is written. It is the same for all pipelines, and made once.
 */
export function emitLauncher(): readonly SourceFile[] {
  made ??= makeLauncher();
  return made;
}

function makeLauncher(): readonly SourceFile[] {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  const file = project.createSourceFile("launcher.ts");
  file.addStatements((writer) => {
    writer.writeLine(
      "/** Runs this project: `node launcher.mjs [options of spark-submit]`. README.md says more. */",
    );
  });
  file.addImportDeclaration({
    moduleSpecifier: "./beam2spark_launcher/index.mjs",
    namedImports: ["launchFromCommandLine"],
  });
  file.addStatements((writer) => {
    writer.blankLine();
    writer.writeLine(
      "process.exitCode = await launchFromCommandLine(import.meta.url, process.argv.slice(2));",
    );
  });
  const typescript = file.getFullText();
  const javascript = ts.transpileModule(typescript, {
    compilerOptions: { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 },
  }).outputText;
  return [
    { path: "launcher.ts", content: typescript },
    { path: "launcher.mjs", content: javascript },
  ];
}
