package beam2spark.runtime

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}

/** A stage as it lies in the project (ARCHITECTURE.md, "Stages") and travels to the tasks.
  *
  * @param descriptor
  *   a ProcessBundleDescriptor, as its file has it
  * @param text
  *   the stage's JSON, as its file has it
  */
final class StageDescription(val descriptor: Array[Byte], val text: String) extends Serializable {

  /** The JSON, parsed. */
  @transient lazy val json: JsonNode = StageDescription.mapper.readTree(text)

  /** The stage's name in the project, such as `s02_split`. */
  def name: String = json.get("name").asText

  /** The full names of the Beam transforms that run in it. */
  def transforms: Seq[String] = json.get("transforms").elements.asScala.map(_.asText).toVector

  /** How many outputs it has. */
  def outputCount: Int = json.get("outputs").size
}

private object StageDescription {
  private val mapper = new ObjectMapper
}
