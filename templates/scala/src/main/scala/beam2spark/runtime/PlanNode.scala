package beam2spark.runtime

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.JsonNode

/** A node of the project's plan, as far as the driver has to know it.
  *
  * @param id
  *   what other nodes name it by
  * @param number
  *   what people and Job.scala name it by
  * @param name
  *   the names of its Beam transforms
  * @param stage
  *   the stage that it runs, if it runs one
  * @param sideInputs
  *   the ids of the nodes that make its side inputs, in the stage's order
  */
final case class PlanNode(
    id: String,
    number: Int,
    name: String,
    stage: Option[String],
    sideInputs: Seq[String]
)

/** Reads nodes. */
object PlanNode {

  /** A node of plan.json. */
  def read(node: JsonNode): PlanNode = PlanNode(
    id = node.path("id").asText,
    number = node.path("number").asInt,
    name = node.path("name").asText,
    stage = Option(node.path("stage").textValue),
    sideInputs = node.path("sideInputs").elements.asScala.map(_.path("node").asText).toVector
  )
}
