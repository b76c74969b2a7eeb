import { escapeText } from "../../../diagnostics/format.js";
import type { PhysicalPlan } from "../../4-physical/physical-plan.js";
import type { SourceFile } from "../source-file.js";
import type { Templates } from "./templates.js";

/** The project's README.md. */
export function emitReadme(plan: PhysicalPlan, templates: Templates): SourceFile {
  const { name, sdkVersion, pythonVersion } = plan.pipeline;
  const python = pythonVersion === null ? "Python" : `Python ${pythonVersion}`;
  const beam = sdkVersion === null ? "`apache-beam`" : `\`apache-beam==${sdkVersion}\``;
  const view = {
    title: escapeMarkdown(name),
    made: sdkVersion === null ? "" : ` from Beam ${sdkVersion}`,
    needs: `${python} with ${beam}, \`pyspark\` and \`pyarrow\``,
  };
  return { path: "README.md", content: templates.readme(view) };
}

/** A name as plain text in Markdown: marks that would format it are escaped. */
function escapeMarkdown(text: string): string {
  return escapeText(text).replace(/[\\`*_{}[\]<>()#+!|&]/g, (mark) => `\\${mark}`);
}
