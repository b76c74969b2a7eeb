import type { StageBinary } from "../../4-physical/stage-binaries.js";
import type { SourceFile } from "../source-file.js";
import type { TemplateTexts } from "./templates.js";

/** What is loaded before a pipeline is compiled. */
export interface ProjectMaterials {
  /** Texts of the target's folder in `templates/`: `.hbs` files are rendered, all else is copied byte for byte. */
  readonly templates: TemplateTexts;
  /** The built `beam2spark_launcher/`. */
  readonly launcher: readonly SourceFile[];
  /** The built `beam2spark_host/`, for projects that have functions in workers of their SDK. */
  readonly host: readonly SourceFile[];
  /** The staged files by the names under which workers expect them. */
  readonly artifacts: readonly SourceFile[];
}

/** What a project is made of beside its plan. */
export interface ProjectParts extends ProjectMaterials {
  readonly stages: ReadonlyMap<string, StageBinary>;
  /** PLAN.txt. */
  readonly planText: string;
  /** The pipeline as it was read, byte for byte where it was a proto. */
  readonly pipeline: Uint8Array;
  /** The pipeline's options as JSON text. */
  readonly options: string;
}
