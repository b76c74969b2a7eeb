import type { PhysicalPlan } from "../../4-physical/physical-plan.js";
import { escapeMarkdown } from "../shared/describe-pipeline.js";
import type { Templates } from "../shared/templates.js";
import type { SourceFile } from "../source-file.js";

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
  return { path: "README.md", content: templates.render("README.md.hbs", view) };
}
