import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { mergeListOptions } from "../launcher/merge-list-options.js";
import { buildDriver, type DriverSources } from "../scala/build-driver.js";
import type { DriverProgram, ProgramRequest } from "./driver-context.js";
import { PreparationError } from "./preparation-error.js";

const driverClass = "beam2spark.runtime.driver.WarmDriver";

// Its standard output is the line to us.
const silentJava = "-XX:+DisplayVMOutputToStderr";

/** Drivers in Scala, which are compiled at the first start. In: the folders of the runtime's and the driver's sources. */
export function createScalaProgram(sources: DriverSources): DriverProgram {
  return {
    modules: [],
    prepare: async ({ context, configuration, environment, folder, signal }: ProgramRequest) => {
      const { javaHome, sparkHome, sparkVersion } = context.launch;
      const workFolder = join(folder, "classes");
      mkdirSync(workFolder);
      const built = await buildDriver(sources, {
        ...{ javaHome, sparkHome, sparkVersion, workFolder, signal },
        environment: context.environment,
        logFile: join(folder, "driver.log"),
      });
      if (!built.ok) throw new PreparationError(built.diagnostics[0]!);
      const words = [...context.sparkWords, "--conf", "spark.ui.showConsoleProgress=false"];
      return {
        command: [
          join(sparkHome, "bin", process.platform === "win32" ? "spark-submit.cmd" : "spark-submit"),
          ...mergeListOptions(words, { jars: built.value.jars.join(",") }),
          ...["--master", configuration.master, "--class", driverClass, built.value.jar],
        ],
        channel: "standard",
        environment: {
          ...environment,
          JDK_JAVA_OPTIONS: [environment.JDK_JAVA_OPTIONS, silentJava].filter(Boolean).join(" "),
        },
      };
    },
  };
}
