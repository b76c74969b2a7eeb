/** One option of `spark-submit` that is passed through. */
export interface SparkOption {
  readonly name: string;
  /** The setting that it stands for, if there is one. */
  readonly setting: string | null;
  readonly describe: string;
}

/**
 * The options of `spark-submit` that take a value and make sense for a Python project whose driver runs here
 * (https://spark.apache.org/docs/latest/submitting-applications.html). Everything else is a `--conf`.
 */
export const sparkOptions: readonly SparkOption[] = [
  {
    name: "master",
    setting: "spark.master",
    describe: "Spark master, such as local[4] or spark://host:7077",
  },
  { name: "deploy-mode", setting: "spark.submit.deployMode", describe: "where the driver runs: client" },
  { name: "conf", setting: null, describe: "a Spark setting, KEY=VALUE; may be given again" },
  { name: "properties-file", setting: null, describe: "file with Spark settings" },
  { name: "name", setting: "spark.app.name", describe: "name of the job in Spark's user interface" },
  { name: "driver-memory", setting: "spark.driver.memory", describe: "memory of the driver, such as 2g" },
  {
    name: "driver-java-options",
    setting: "spark.driver.extraJavaOptions",
    describe: "options of the driver's Java",
  },
  {
    name: "driver-class-path",
    setting: "spark.driver.extraClassPath",
    describe: "more classes for the driver",
  },
  { name: "executor-memory", setting: "spark.executor.memory", describe: "memory of one executor" },
  { name: "executor-cores", setting: "spark.executor.cores", describe: "cores of one executor" },
  { name: "total-executor-cores", setting: "spark.cores.max", describe: "cores of all executors" },
  { name: "num-executors", setting: "spark.executor.instances", describe: "how many executors" },
  { name: "queue", setting: "spark.yarn.queue", describe: "YARN queue" },
  { name: "principal", setting: "spark.kerberos.principal", describe: "Kerberos principal" },
  { name: "keytab", setting: "spark.kerberos.keytab", describe: "Kerberos key table" },
  { name: "jars", setting: "spark.jars", describe: "more jars, separated by commas" },
  { name: "packages", setting: "spark.jars.packages", describe: "more jars by Maven coordinates" },
  { name: "repositories", setting: "spark.jars.repositories", describe: "where to look for --packages" },
  { name: "py-files", setting: "spark.submit.pyFiles", describe: "more Python files for the workers" },
  { name: "files", setting: "spark.files", describe: "files for the working folder of each executor" },
  { name: "archives", setting: "spark.archives", describe: "archives to unpack there" },
];

/** `--verbose` has no value; it is the only one of those worth passing on. */
export const sparkFlags: readonly string[] = ["verbose", "load-spark-defaults"];
