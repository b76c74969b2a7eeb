import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Target } from "../compiler/4-physical/target.js";
import type { ProjectMaterials } from "../compiler/5-emit/shared/project-materials.js";
import type { DriverProgram } from "../drivers/driver-context.js";
import { createPysparkProgram, type PysparkRuntime } from "../drivers/pyspark-program.js";
import { createScalaProgram } from "../drivers/scala-program.js";
import { zipFolder } from "../launcher/zip-folder.js";
import { findPackageRoot } from "../package-root.js";

/**
 * The program of a service's drivers. In: the target of its projects and what is installed for them, the Python if there
 * is one, a folder of the service's.
 */
export async function makeDriverProgram(
  target: Target,
  installed: Omit<ProjectMaterials, "artifacts">,
  python: string | null,
  folder: string,
): Promise<DriverProgram> {
  if (target === "scala") {
    const templates = join(findPackageRoot(), "templates");
    return createScalaProgram({
      runtime: join(templates, "scala", "src", "main", "scala"),
      driver: join(templates, "scala-driver"),
    });
  }
  if (python === null) throw new Error("a service for PySpark was let through without a Python");
  return createPysparkProgram(python, await writeRuntime(installed, folder));
}

// Drivers import the runtime from a folder that can be written to, where Python keeps what it has compiled.
async function writeRuntime(
  { templates }: Omit<ProjectMaterials, "artifacts">,
  folder: string,
): Promise<PysparkRuntime> {
  const name = "beam2spark_runtime";
  const runtime = join(folder, "runtime");
  for (const [path, content] of templates) {
    if (!path.startsWith(`${name}/`)) continue;
    await mkdir(dirname(join(runtime, path)), { recursive: true });
    await writeFile(join(runtime, path), content);
  }
  const archive = join(folder, `${name}.zip`);
  await writeFile(archive, zipFolder(join(runtime, name), name));
  return { folder: runtime, archive };
}
