package beam2spark.runtime

/** What a job was started with.
  *
  * @param options
  *   the options that were given
  * @param project
  *   the folder that `--project` names
  * @param isHelpAsked
  *   whether the user wants to read what can be given
  */
final case class RuntimeArguments(
    options: RuntimeOptions,
    project: Option[String],
    isHelpAsked: Boolean
)

/** Reads a job's arguments, and Spark's settings of the same names. */
object RuntimeArguments {

  private final case class Entry(
      name: String,
      help: String,
      get: RuntimeOptions => Any,
      set: (RuntimeOptions, String) => RuntimeOptions
  ) {

    /** As an argument: `--temp-location`. */
    val flag: String = "--" + name.replaceAll("[A-Z]", "-$0").toLowerCase

    /** As a setting of Spark's: `spark.beam2spark.tempLocation`. */
    val setting: String = "spark.beam2spark." + name
  }

  private val entries: Seq[Entry] = Seq(
    Entry(
      "tempLocation",
      "a folder that the driver and every executor can reach (file, hdfs, s3, …)",
      _.tempLocation,
      (options, text) => options.copy(tempLocation = Some(text))
    ),
    Entry(
      "parallelism",
      "how many tasks work is spread over where the plan spreads it",
      _.parallelism,
      (options, text) => options.copy(parallelism = Some(readCount(text)))
    ),
    Entry(
      "bundleBytes",
      "how much input a Beam bundle takes at most",
      _.bundleBytes,
      (options, text) => options.copy(bundleBytes = readSize(text))
    ),
    Entry(
      "maxSideInputBytes",
      "how large a side input may be that is sent to every executor; larger ones are stored in " +
        "files and looked up there",
      _.maxSideInputBytes,
      (options, text) => options.copy(maxSideInputBytes = readSize(text))
    ),
    Entry(
      "maxStoredGroupBytes",
      "how large a group may be that is stored as one value",
      _.maxStoredGroupBytes,
      (options, text) => options.copy(maxStoredGroupBytes = readSize(text))
    ),
    Entry(
      "stateMemoryBytes",
      "how much of one key's state stays in memory before it goes to files",
      _.stateMemoryBytes,
      (options, text) => options.copy(stateMemoryBytes = readSize(text))
    ),
    Entry(
      "host",
      "where a Fn API host listens (unix:PATH or HOST:PORT), or where several do, with commas " +
        "between; without it the first tasks of each executor start them",
      _.host,
      (options, text) => options.copy(host = Some(text))
    ),
    Entry(
      "hosts",
      "how many Fn API hosts an executor has; by default one for every four of its cores",
      _.hosts,
      (options, text) => options.copy(hosts = Some(readCount(text)))
    ),
    Entry(
      "workers",
      "how workers of SDKs start: auto, process, docker, or the address of a worker pool, " +
        "HOST:PORT",
      _.workers,
      (options, text) => options.copy(workers = text)
    ),
    Entry(
      "workerSilenceSeconds",
      "how long a worker may answer nothing before it is taken for hung",
      _.workerSilenceSeconds,
      (options, text) => options.copy(workerSilenceSeconds = readCount(text))
    ),
    Entry(
      "workerStartSeconds",
      "how long a worker may take to start, with all that is fetched and installed for it",
      _.workerStartSeconds,
      (options, text) => options.copy(workerStartSeconds = readCount(text))
    ),
    Entry(
      "node",
      "the Node.js that the Fn API host runs with; by default the one in the PATH",
      _.node,
      (options, text) => options.copy(node = Some(text))
    ),
    Entry(
      "hostBind",
      "where a Fn API host listens for workers, HOST:PORT; by default on the loopback interface " +
        "alone",
      _.hostBind,
      (options, text) => options.copy(hostBind = Some(text))
    ),
    Entry(
      "hostAdvertise",
      "the name under which workers on other machines reach it",
      _.hostAdvertise,
      (options, text) => options.copy(hostAdvertise = Some(text))
    ),
    Entry(
      "python",
      "the Python that workers of Python functions run with; by default PySpark's",
      _.python,
      (options, text) => options.copy(python = Some(text))
    )
  )

  private val ProjectFlag = "--project"

  /** Reads the arguments, `--name VALUE` or `--name=VALUE`.
    *
    * Throws [[RuntimeFailure]]: `runtime/unknown-argument` where one isn't ours,
    * `runtime/bad-argument` where a value is missing or no whole number from 0.
    */
  def parse(arguments: Seq[String]): RuntimeArguments = {
    val start = RuntimeArguments(RuntimeOptions(), project = None, isHelpAsked = false)
    read(start, arguments.toList)
  }

  /** The options with Spark's settings for those that were not given as arguments; `find` gives a
    * setting. Throws [[RuntimeFailure]] (`runtime/bad-argument`) for a setting that is no whole
    * number from 0 where one is needed.
    */
  def applySettings(options: RuntimeOptions, find: String => Option[String]): RuntimeOptions = {
    val defaults = RuntimeOptions()
    entries.foldLeft(options) { (changed, entry) =>
      find(entry.setting).filter(_.nonEmpty) match {
        case Some(text) if entry.get(options) == entry.get(defaults) =>
          set(changed, entry, entry.setting, text)
        case _ => changed
      }
    }
  }

  /** What can be given, for a person. */
  def help: String = {
    val lines = entries.map(entry => f"  ${entry.flag}%-24s ${entry.help}")
    val project = f"  $ProjectFlag%-24s the project's folder; by default the one the jar lies in"
    ("usage: spark-submit --class Job JAR [OPTION VALUE …]" +: lines :+ project).mkString("\n")
  }

  @annotation.tailrec
  private def read(sofar: RuntimeArguments, arguments: List[String]): RuntimeArguments =
    arguments match {
      case Nil                       => sofar
      case ("--help" | "-h") :: rest => read(sofar.copy(isHelpAsked = true), rest)
      case word :: rest if word.startsWith("--") && word.contains('=') =>
        val (flag, value) = word.splitAt(word.indexOf('='))
        read(take(sofar, flag, value.drop(1), rest), rest)
      case flag :: value :: rest if isKnown(flag) => read(take(sofar, flag, value, rest), rest)
      case flag :: Nil if isKnown(flag) =>
        throw RuntimeFailure("runtime/bad-argument", s"$flag needs a value")
      case unknown => throw refuse(unknown)
    }

  private def isKnown(flag: String): Boolean =
    flag == ProjectFlag || entries.exists(_.flag == flag)

  private def take(
      sofar: RuntimeArguments,
      flag: String,
      value: String,
      rest: List[String]
  ): RuntimeArguments =
    if (flag == ProjectFlag) sofar.copy(project = Some(value))
    else {
      val entry = entries.find(_.flag == flag).getOrElse(throw refuse(flag :: rest))
      sofar.copy(options = set(sofar.options, entry, flag, value))
    }

  private def refuse(unknown: Seq[String]): RuntimeFailure =
    RuntimeFailure("runtime/unknown-argument", s"${unknown.head} is not an argument")

  private def set(
      options: RuntimeOptions,
      entry: Entry,
      name: String,
      text: String
  ): RuntimeOptions =
    try entry.set(options, text)
    catch {
      case _: NumberFormatException =>
        val message = s"$name is to be a whole number, 0 or more, not $text"
        throw RuntimeFailure("runtime/bad-argument", message)
    }

  private def readCount(text: String): Int = {
    readSize(text)
    text.toInt
  }

  private def readSize(text: String): Long = {
    val size = text.toLong
    if (size < 0) throw new NumberFormatException
    size
  }
}
