package beam2spark.runtime

import com.fasterxml.jackson.databind.JsonNode

/** The coders of a stage's descriptor as its worker is told of them by the host
  * (`src/fnhost/worker-coders.ts`, `ofLookedUp`): around any that not all SDKs know lies a length.
  */
private[runtime] final class WireCoders(descriptor: ProtoMessage) {

  private val coders = descriptor.entries(5).view.mapValues(ProtoMessage.decode).toMap

  /** The coder of keys that lie in a layout and are looked up: a worker makes the bytes that it
    * looks up by, so that the declared coder stays where no other has written the rows.
    *
    * @param layout
    *   a value layout of the stage's JSON
    * @param declared
    *   the id of the PCollection's coder of them
    */
  def ofLookedUp(layout: JsonNode, declared: String): CoderTree = {
    def part(index: Int): String = componentsOf(declared)(index)
    layout.path("kind").asText match {
      case "encoded" | "coded-integer"         => readable(layout.path("coder").asText)
      case _ if !CoderUrn.all(urnOf(declared)) => readable(declared)
      case "nullable" =>
        CoderTree(CoderUrn.Nullable, Seq(ofLookedUp(layout.path("value"), part(0))))
      case "iterable" =>
        CoderTree(CoderUrn.Iterable, Seq(ofLookedUp(layout.path("element"), part(0))))
      case "kv" =>
        val key = ofLookedUp(layout.path("key"), part(0))
        CoderTree(CoderUrn.Kv, Seq(key, ofLookedUp(layout.path("value"), part(1))))
      case _ => readable(declared)
    }
  }

  /** The parts of a coder, by their ids. */
  def componentsOf(id: String): Seq[String] = coders.get(id).fold(Seq.empty[String])(_.texts(2))

  private def urnOf(id: String): String =
    coders.get(id).flatMap(_.message(1)).fold("")(_.text(1))

  private def readable(id: String): CoderTree = {
    val urn = urnOf(id)
    if (!CoderUrn.all(urn) || urn == CoderUrn.LengthPrefix) CoderTree(CoderUrn.LengthPrefix)
    else CoderTree(urn, componentsOf(id).map(readable))
  }
}
