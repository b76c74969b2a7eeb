package beam2spark.runtime

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.JsonNode

/** What a stage says of one of its side inputs. It travels to the tasks that store its rows.
  *
  * @param stage
  *   the stage
  * @param index
  *   which of its side inputs
  */
private[runtime] final class SideInputDescription(stage: StageDescription, index: Int)
    extends Serializable {

  /** Whether its elements are pairs, in two columns. */
  def isKeyed: Boolean = value.path("kind").asText == "kv"

  /** The columns of its elements. */
  def valueColumns: Seq[String] = if (isKeyed) Seq("key", "value") else Seq("value")

  /** The columns of its windows. */
  def windowColumns: Seq[String] = layout.path("window").path("kind").asText match {
    case "interval" => Seq("window_start", "window_end")
    case "encoded"  => Seq("window")
    case _          => Nil
  }

  /** Whether a transform of the stage reads it by key (Beam's multimap access pattern). */
  def isLookedUp: Boolean = {
    val descriptor = readDescriptor()
    descriptor.entries(2).values.map(ProtoMessage.decode).exists { transform =>
      val spec = transform.message(1)
      spec.exists(spec => SideInputDescription.ParDos(spec.text(1))) && {
        val inputs = transform.entries(3).map { case (tag, name) => tag -> new String(name) }
        val payload = ProtoMessage.decode(spec.fold(Array.emptyByteArray)(_.bytes(3)))
        payload.entries(3).exists { case (tag, sideInput) =>
          val pattern = ProtoMessage.decode(sideInput).message(1)
          inputs.get(tag).contains(pcollection) &&
          pattern.exists(_.text(1) == SideInputDescription.Multimap)
        }
      }
    }
  }

  /** What makes the bytes by which workers look keys up. */
  def createKeyEncoder(): ValueEncoder = {
    val descriptor = readDescriptor()
    val declared = ProtoMessage.decode(descriptor.entries(3)(pcollection)).text(2)
    val coders = new WireCoders(descriptor)
    val key = value.path("key")
    ValueEncoder.create(key, coders.ofLookedUp(key, coders.componentsOf(declared).head))
  }

  private def pcollection: String = json.path("pcollection").asText

  private def value: JsonNode = layout.path("value")

  private def layout: JsonNode = json.path("layout")

  private def json: JsonNode = stage.json.path("sideInputs").elements.asScala.toSeq(index)

  private def readDescriptor(): ProtoMessage = ProtoMessage.decode(stage.descriptor)
}

private object SideInputDescription {
  private val Multimap = "beam:side_input:multimap:v1"

  /** Transforms whose payload is a ParDoPayload, and which may so have side inputs. */
  private val ParDos = Set(
    "beam:transform:pardo:v1",
    "beam:transform:sdf_pair_with_restriction:v1",
    "beam:transform:sdf_split_and_size_restrictions:v1",
    "beam:transform:sdf_truncate_sized_restrictions:v1",
    "beam:transform:sdf_process_sized_element_and_restrictions:v1"
  )
}
