package beam2spark.runtime

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.node.{JsonNodeFactory, ObjectNode}

/** The files of an emitted project that the driver reads. Executors read none of them.
  *
  * @param folder
  *   where the project lies
  */
final class Project(val folder: Path) {

  /** plan.json, or an empty plan where there is none. */
  lazy val plan: JsonNode = readJson("plan.json")

  /** The plan's nodes. */
  def nodes: Seq[PlanNode] =
    plan.path("nodes").elements.asScala.map(PlanNode.read).toVector

  /** The pipeline's name, if it has one. */
  def pipelineName: Option[String] =
    Option(plan.path("pipeline").path("name").textValue).filter(_.nonEmpty)

  /** The two files of a stage. Throws `NoSuchFileException` where one is missing. */
  def readStage(name: String): StageDescription = {
    val stages = folder.resolve("stages")
    val descriptor = Files.readAllBytes(stages.resolve(s"$name.pb"))
    new StageDescription(descriptor, Files.readString(stages.resolve(s"$name.json")))
  }

  /** What the stages say of the side input that the plan's node of this number makes. */
  def findReaders(number: Int): Seq[SideInputDescription] = {
    val made = nodes.filter(_.number == number).map(_.id)
    for {
      node <- nodes
      stage <- node.stage.toSeq
      (side, index) <- node.sideInputs.zipWithIndex
      if made.contains(side)
    } yield new SideInputDescription(readStage(stage), index)
  }

  /** Beam's pipeline options by their plain names, as JSON.
    *
    * The project has them in the form of the job API (`beam:option:job_name:v1`) or in the older
    * one, `{"options": {…}}`.
    */
  def pipelineOptions: String = {
    val stored = readJson("pipeline_options.json")
    val plain = stored.path("options") match {
      case older: ObjectNode => older.properties.asScala.map(e => e.getKey -> e.getValue)
      case _ => stored.properties.asScala.map(e => Project.plainName(e.getKey) -> e.getValue)
    }
    val sorted = JsonNodeFactory.instance.objectNode
    plain.toSeq.sortBy(_._1).foreach { case (name, value) => sorted.set[JsonNode](name, value) }
    Json.write(sorted)
  }

  private def readJson(name: String): JsonNode = {
    val path = folder.resolve(name)
    if (Files.isRegularFile(path)) Json.read(Files.readString(path))
    else JsonNodeFactory.instance.objectNode
  }
}

/** Finds projects. */
object Project {

  private val JobOption = "beam:option:(.*):v1".r

  /** The project that a folder's name gives, else the one that a class was loaded from: the first
    * folder with a plan.json, from the class's jar upwards.
    *
    * Throws [[RuntimeFailure]] (`runtime/project-missing`) where there is none.
    */
  def find(folder: Option[String], job: Class[_]): Project = {
    def hasPlan(place: Path): Boolean = Files.isRegularFile(place.resolve("plan.json"))
    val found = folder match {
      case Some(name) => Some(Path.of(name).toAbsolutePath).filter(hasPlan)
      case None =>
        Iterator
          .iterate(locate(job))(_.flatMap(place => Option(place.getParent)))
          .takeWhile(_.isDefined)
          .flatten
          .find(hasPlan)
    }
    found.map(new Project(_)).getOrElse {
      val where = folder.fold("above the job's jar")(name => s"in $name")
      throw RuntimeFailure(
        "runtime/project-missing",
        s"there is no plan.json $where",
        hint = Some("name the project's folder with --project")
      )
    }
  }

  private def locate(job: Class[_]): Option[Path] =
    Option(job.getProtectionDomain.getCodeSource).map { source =>
      Path.of(source.getLocation.toURI).toAbsolutePath
    }

  private def plainName(name: String): String = name match {
    case JobOption(plain) => plain
    case other            => other
  }
}
