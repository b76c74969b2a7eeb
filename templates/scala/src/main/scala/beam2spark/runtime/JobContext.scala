package beam2spark.runtime

import java.util.Collections

import scala.collection.mutable.ArrayBuffer
import scala.util.Try
import scala.util.control.NonFatal

import org.apache.spark.broadcast.Broadcast
import org.apache.spark.sql.{DataFrame, Row, SparkSession}
import org.apache.spark.sql.functions.{col, lit}
import org.apache.spark.sql.types.StructType

/** One run of a project on a Spark session: what an emitted `build(job)` builds with.
  *
  * @param spark
  *   the session
  * @param project
  *   the project
  * @param options
  *   of the run
  * @param progress
  *   is told what happens
  * @param scope
  *   names the run's folder under the temp location, and tells the runs of one Spark application
  *   apart
  */
final class JobContext(
    val spark: SparkSession,
    project: Project,
    options: RuntimeOptions,
    progress: Progress,
    scope: String = "job"
) {

  JobHost.prepare(spark)
  private val temp = new TempFolder(spark, options.tempLocation, scope)
  private val reports = TaskReports.open(spark.sparkContext, progress.messages)
  private lazy val host = JobHost.open(spark.sparkContext, project.folder, scope, options)
  private var isHostOpen = false
  private var checkpoints = 0
  private val persisted = ArrayBuffer.empty[DataFrame]
  private val broadcasts = ArrayBuffer.empty[Broadcast[_]]
  private val tables = ArrayBuffer.empty[String]

  /** Beam's Impulse: one row, whose `value` is empty bytes. */
  def impulse(): DataFrame =
    spark.range(0, 1, 1, 1).select(lit(Array.emptyByteArray).as("value"))

  /** No rows: a Flatten of nothing. */
  def empty(schema: String): DataFrame =
    spark.createDataFrame(Collections.emptyList[Row], StructType.fromDDL(schema))

  /** The rows of DataFrames that have the same columns. Halves are united, so that a plan of many
    * is not as deep as they are many.
    */
  def union(frames: DataFrame*): DataFrame =
    if (frames.length <= 2) frames.reduce(_.union(_))
    else {
      val (left, right) = frames.splitAt(frames.length / 2)
      union(left: _*).union(union(right: _*))
    }

  /** Beam's ReadFromText of a file pattern: its lines, as `value string`. */
  def readText(pattern: String, compression: String = "auto"): DataFrame = {
    // A file of two and a half partitions would keep one core busy for three.
    val least = JobContext.PartitionsPerSlot * countSlots
    load(TextSource.find(spark, pattern, compression, least))
  }

  /** A stage of the project, used as `frame.transform(job.stage(…))`; `sideInputs` are what
    * `sideInput` gave, in the order of the stage's JSON.
    */
  def stage(name: String, schema: String, sideInputs: Seq[SideInputRows] = Nil): Stage = {
    progress.check()
    isHostOpen = true
    val shown = StageReports(reports, StageCounters.open(spark.sparkContext, name))
    new Stage(project.readStage(name), StructType.fromDDL(schema), sideInputs, settings, shown)
  }

  /** The rows that a stage makes of a source's splits: a data source whose partitions are splits.
    *
    * The splits are made now, once, and sent with the tasks. Where they take more than the driver
    * should hold they are spread over the tasks by a shuffle instead.
    *
    * @param splits
    *   pairs of a part of the source and its size
    * @param reading
    *   the stage that reads them
    * @param node
    *   that makes the splits
    */
  def readSplits(splits: DataFrame, reading: Stage, node: Int): DataFrame = {
    val collected = progress.node(node, spark.sparkContext) {
      Splits.collect(splits, options.maxSideInputBytes)
    }
    collected match {
      case None => spread(splits).transform(reading)
      case Some(parts) =>
        load(new SplitTable(SplitRead(parts, reading, countSlots)))
    }
  }

  /** One output of a stage that has several, its columns under their plain names. */
  def output(frame: DataFrame, index: Int, columns: String*): DataFrame = {
    val named = columns.map(name => col(s"o${index}_$name").as(name))
    frame.where(col("output") === index).select(named: _*)
  }

  /** Computes a DataFrame for its effects and throws its rows away. */
  def run(frame: DataFrame, node: Int): Unit = progress.node(node, spark.sparkContext) {
    frame.write.format("noop").mode("overwrite").save()
  }

  /** Computes a DataFrame now, once, and keeps its rows for whoever reads them. */
  def persist(frame: DataFrame, node: Int): DataFrame = progress.node(node, spark.sparkContext) {
    val owned = Materialisation.ownedBy(scope, frame)
    persisted += owned
    Materialisation.persistNow(owned)
  }

  /** Computes a DataFrame now, once, into files: not even a lost executor repeats it. */
  def checkpoint(frame: DataFrame, node: Int): DataFrame = {
    val folder = temp.pathOf(nameCheckpoint(node))
    progress.node(node, spark.sparkContext)(Materialisation.writeAndRead(frame, folder))
  }

  /** Computes a DataFrame now, once, for the stages that read it as a side input.
    *
    * Up to the limit of the options its rows are sent to every executor. Above it they go to files,
    * and stages look up there what they need. Throws [[RuntimeFailure]]
    * (`runtime/temp-location-missing`) where there is no place for them.
    */
  def sideInput(frame: DataFrame, node: Int): SideInputRows =
    progress.node(node, spark.sparkContext) {
      Materialisation.withKeptRows(Materialisation.ownedBy(scope, frame)) { kept =>
        val size = Materialisation.measureRows(kept)
        if (size > options.maxSideInputBytes) storeSideInput(kept, size, node)
        else {
          val sent = spark.sparkContext.broadcast(ArrowRows.collect(kept))
          broadcasts += sent
          BroadcastRows(sent)
        }
      }
    }

  /** The same rows spread evenly over as many tasks as there are slots (or `parallelism`). */
  def spread(frame: DataFrame): DataFrame = frame.repartition(countSlots)

  /** The user's metrics so far as Beam's clients take them, merged over all tasks. */
  def monitoringInfos: Seq[MonitoringInfo] = reports.mergeMetrics()

  /** The user's metrics so far. */
  def metrics: Seq[Metric] = Metric.decode(monitoringInfos)

  /** Tells `progress` of the user's metrics, and shows them in Spark's pages. */
  def reportMetrics(): Unit = {
    val infos = monitoringInfos
    val metrics = Metric.decode(infos)
    progress.metrics(metrics, infos)
    // The job has done its work.
    try ShownMetrics.show(spark, progress, metrics)
    catch { case NonFatal(error) => Log.warn("Spark could not show the metrics", error) }
  }

  /** Lets go of what the run has kept, in files, in executors and here. Its metrics stay. Gives
    * what went wrong: nothing keeps the rest from going. It may be called again.
    */
  def close(): Seq[Throwable] = synchronized {
    val steps = persisted.map(frame => () => { frame.unpersist(); () }) ++
      broadcasts.map(sent => () => sent.destroy()) ++
      Option.when(isHostOpen)(() => host.close()) ++
      Seq(() => temp.delete()) ++
      tables.map(name => () => TableSource.close(name))
    persisted.clear()
    broadcasts.clear()
    tables.clear()
    isHostOpen = false
    steps.toVector.flatMap(step => Try(step()).failed.toOption)
  }

  private lazy val settings: StageSettings = StageSettings(
    host = host.settings,
    pipelineOptions = project.pipelineOptions,
    bundleBytes = options.bundleBytes,
    workers = options.workers,
    stateMemoryBytes = options.stateMemoryBytes,
    maxStoredGroupBytes = options.maxStoredGroupBytes,
    workerSilenceSeconds = options.workerSilenceSeconds.toLong,
    workerStartSeconds = options.workerStartSeconds.toLong,
    python = options.python
      .orElse(spark.conf.getOption("spark.pyspark.python"))
      .orElse(sys.env.get("PYSPARK_PYTHON"))
      .getOrElse("python3"),
    pythonPath = Nil
  )

  private def storeSideInput(frame: DataFrame, size: Long, node: Int): StoredRows = {
    if (!temp.isAvailable)
      throw RuntimeFailure(
        "runtime/temp-location-missing",
        s"the side input takes ${size >> 20} MiB; above ${options.maxSideInputBytes >> 20} MiB it " +
          "is stored in files that the driver and all executors can read",
        transform = progress.nameOf(node),
        hint = Some(
          "give --temp-location, a path on a shared file system or an object store, or raise " +
            "spark.beam2spark.maxSideInputBytes"
        )
      )
    val folder = temp.qualifiedPathOf(nameCheckpoint(node))
    StoreSideInput.store(frame, size, project.findReaders(node), folder, countSlots)
  }

  private def nameCheckpoint(node: Int): String = {
    checkpoints += 1
    s"node-$node-$checkpoints"
  }

  private def load(table: RuntimeTable): DataFrame = {
    val name = TableSource.open(table)
    tables += name
    TableSource.load(spark, name)
  }

  private def countSlots: Int = options.parallelism.filter(_ > 0).getOrElse {
    val executors = spark.conf.get("spark.executor.instances", "0").toInt
    val cores = executors * spark.conf.get("spark.executor.cores", "1").toInt
    Seq(2, cores, spark.sparkContext.defaultParallelism).max
  }
}

private object JobContext {

  // Parts of a text to each slot, so that slower ones hold nobody up for long.
  private val PartitionsPerSlot = 2
}
