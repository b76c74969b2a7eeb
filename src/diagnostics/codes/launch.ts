import { error, warning } from "../define-code.js";

/** What starting an emitted project refuses, all of it before Spark is started. */
export const launchCodes = {
  "launch/not-a-project": error<{ reason: string }>({
    why: ({ reason }) => `this folder holds no beam2spark project: ${reason}`,
    hint: "make one with `beam2spark compile PIPELINE -o DIR`",
  }),
  "launch/host-failed": error<{ reason: string; log: string }>({
    why: ({ reason }) =>
      `the Fn API host, through which functions run in workers of their SDK, did not start: ${reason}`,
    hint: ({ log }) => `its last words are in ${log}`,
  }),
  "launch/host-open-to-others": warning<{ bind: string }>({
    why: ({ bind }) =>
      `the Fn API host listens for workers on ${bind}, which others may reach: who knows a worker's id can take its place`,
    hint: "leave spark.beam2spark.hostBind out unless workers run on other machines, in a network whose users you trust",
  }),
  "launch/java-missing": error<{ reason: string; install: string }>({
    why: ({ reason }) => `Spark needs a full Java 17 or 21: ${reason}`,
    hint: ({ install }) => `install one, for example with: ${install}`,
  }),
  "launch/python-missing": error<{ looked: readonly string[] }>({
    why: ({ looked }) => `no Python was found (looked for ${looked.join(", ")})`,
    hint: "activate the virtual environment that has apache_beam and pyspark, or name its Python with --python",
  }),
  "launch/python-unusable": error<{ reason: string }>({
    why: ({ reason }) => `this Python does not start: ${reason}`,
    hint: "name another one with --python",
  }),
  "launch/package-missing": error<{ name: string; wanted: string }>({
    why: ({ name }) => `this Python has no ${name}`,
    hint: ({ wanted }) => `install it there (pip install "${wanted}"), or name another Python with --python`,
  }),
  "launch/spark-home-unusable": error({
    why: "SPARK_HOME names this folder, which holds no Spark that can be started",
    hint: "unset SPARK_HOME to use the Python's own pyspark, or set it to an installation of Spark 4",
  }),
  "launch/spark-too-old": error<{ found: string }>({
    why: ({ found }) => `this is Spark ${found}; the project needs Spark 4`,
    hint: 'install a newer one (pip install "pyspark>=4"), or unset SPARK_HOME if it points at an old one',
  }),
  "launch/beam-version-differs": error<{ found: string; wanted: string }>({
    why: ({ found, wanted }) =>
      `the pipeline was made by apache_beam ${wanted}, and this Python has ${found}`,
    hint: ({ wanted }) => `use the Python that made the pipeline, or: pip install "apache-beam==${wanted}"`,
  }),
  "launch/python-version-differs": error<{ found: string; wanted: string }>({
    why: ({ found, wanted }) => `the pipeline was made by Python ${wanted}, and this is Python ${found}`,
    hint: "pickled functions only load in the version that wrote them: name that Python with --python",
  }),
  "launch/temp-location-missing": error<{ master: string }>({
    why: ({ master }) =>
      `the job keeps results between its steps, and the workers of ${master} share no folder with us`,
    hint: "name a folder that driver and workers can reach with --temp-location",
  }),
  "launch/cluster-deploy-mode": error({
    why: "the project's files are on this machine, so its driver has to run here",
    hint: "leave out --deploy-mode cluster",
  }),
  "launch/packages-failed": error<{ reason: string }>({
    why: ({ reason }) => `the pipeline's own packages can't be prepared for the workers: ${reason}`,
    hint: "see the lines above; the packages are those of the program's --requirements_file, --setup_file, --extra_package",
  }),
  "launch/spark-missing": error({
    why: "no Spark was found (looked at SPARK_HOME, for a Python with pyspark, and for spark-submit on the PATH)",
    hint: 'set SPARK_HOME to an installation of Spark 4, or install one (pip install "pyspark>=4")',
  }),
  "launch/scala-compiler-missing": error({
    why: "this Spark has no Scala compiler among its jars (scala-compiler, scala-library and scala-reflect)",
    hint: "point SPARK_HOME at a whole installation of Spark 4, or build the project with `mvn package` before it is run",
  }),
  "launch/scala-sources-missing": error<{ folder: string }>({
    why: ({ folder }) => `this project has no job or no runtime in ${folder}`,
    hint: "compile it again: beam2spark compile --target scala PIPELINE -o DIR",
  }),
  "launch/scala-not-compiled": error<{ said: readonly string[]; log: string }>({
    why: ({ said }) => `the Scala compiler does not take the project: ${said.join(" / ")}`,
    hint: ({ log }) =>
      `unless somebody has changed its sources, this is a defect of beam2spark: please report it with ${log}`,
  }),
  "launch/option-unknown": error<{ word: string }>({
    why: ({ word }) => `${word} is no option of spark-submit or of the launcher`,
    hint: "Spark's settings go in --conf KEY=VALUE",
  }),
  "launch/option-without-value": error<{ word: string }>({
    why: ({ word }) => `${word} needs a value`,
    hint: "write it after the option, or after =",
  }),
};
