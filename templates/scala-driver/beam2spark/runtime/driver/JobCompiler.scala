package beam2spark.runtime.driver

import java.io.File
import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._
import scala.reflect.internal.util.{BatchSourceFile, SourceFile}
import scala.reflect.io.{AbstractFile, VirtualDirectory}
import scala.tools.nsc.{Global, Settings}
import scala.tools.nsc.reporters.StoreReporter
import scala.util.Using

import beam2spark.runtime.{EmittedJob, RuntimeFailure}

/** A Scala compiler that stays: the classes of Spark and of the runtime are read once for all jobs.
  * Only one job at a time is compiled.
  *
  * @param classPath
  *   what jobs are compiled against
  */
final class JobCompiler(classPath: Seq[Path]) {

  import JobCompiler._

  private var compiler = Option.empty[Global]
  private var compilations = 0

  /** Compiles the job of a project. Throws [[RuntimeFailure]] (`runtime/not-compiled`). */
  def compile(project: Path): EmittedJob = {
    val folder = project.resolve(SourceFolder)
    val sources = Using.resource(Files.list(folder)) { files =>
      files.iterator.asScala.filter(_.toString.endsWith(".scala")).toVector.sorted
    }
    load(compile(sources.map(path => new BatchSourceFile(AbstractFile.getFile(path.toFile)))))
  }

  /** Compiles something small, so that the first job finds the compiler warm. */
  def warmUp(): Unit = {
    val _ = load(compile(Seq(new BatchSourceFile("Job.scala", WarmUpSource))))
  }

  private def compile(sources: Seq[SourceFile]): Map[String, Array[Byte]] = synchronized {
    val global = open()
    val classes = new VirtualDirectory("(memory)", None)
    global.settings.outputDirs.setSingleOutput(classes)
    global.reporter.reset()
    new global.Run().compileSources(sources.toList)
    global.reporter match {
      case reporter: StoreReporter if reporter.hasErrors => throw refuse(reporter)
      case _                                             => readClasses(classes)
    }
  }

  // What a compiler keeps of the jobs that it has seen grows slowly.
  private def open(): Global = {
    if (compilations % LongestLife == 0) compiler = None
    compilations += 1
    val global = compiler.getOrElse {
      val settings = new Settings
      settings.classpath.value = classPath.mkString(File.pathSeparator)
      settings.encoding.value = "UTF-8"
      settings.nowarn.value = true
      new Global(settings, new StoreReporter(settings))
    }
    compiler = Some(global)
    global
  }
}

private object JobCompiler {

  private val LongestLife = 200
  private val SourceFolder = "src/main/scala"
  private val JobObject = "Job$"
  private val InstanceField = "MODULE$"
  private val ClassSuffix = ".class"
  private val ShownErrors = 8

  private val WarmUpSource =
    """import beam2spark.runtime.{EmittedJob, JobContext}
      |import org.apache.spark.sql.functions.{col, sum}
      |object Job extends EmittedJob {
      |  override def build(job: JobContext): Unit = {
      |    val rows = job.impulse().repartition(col("value")).sortWithinPartitions("value")
      |    val sums = rows.groupBy("value").agg(sum("value").as("sum"))
      |    job.run(sums, node = 1)
      |  }
      |}
      |""".stripMargin

  private def load(classes: Map[String, Array[Byte]]): EmittedJob = {
    val loader = new CompiledClasses(classes, getClass.getClassLoader)
    Class.forName(JobObject, true, loader).getField(InstanceField).get(None.orNull) match {
      case job: EmittedJob => job
      case other           => throw new ClassCastException(s"${other.getClass} is no EmittedJob")
    }
  }

  private def readClasses(folder: AbstractFile, prefix: String = ""): Map[String, Array[Byte]] =
    folder.iterator.flatMap { file =>
      if (file.isDirectory) readClasses(file, s"$prefix${file.name}.")
      else Map(s"$prefix${file.name.stripSuffix(ClassSuffix)}" -> file.toByteArray)
    }.toMap

  private def refuse(reporter: StoreReporter): RuntimeFailure = {
    val errors = reporter.infos.toVector
      .filter(_.severity == reporter.ERROR)
      .take(ShownErrors)
      .map(info => s"${info.pos.source.file.name}:${info.pos.line}: ${info.msg}")
    RuntimeFailure(
      "runtime/not-compiled",
      s"the Scala compiler does not take the job: ${errors.mkString(" / ")}",
      hint = Some("this is a defect of beam2spark: please report it with the project")
    )
  }
}
