package beam2spark.runtime

import java.nio.charset.StandardCharsets.UTF_8

/** One measurement of the Beam model.
  *
  * @param urn
  *   what it is
  * @param kind
  *   the URN of its payload's type
  * @param payload
  *   the value, as its type encodes it
  * @param labels
  *   what it is about
  */
final case class MonitoringInfo(
    urn: String,
    kind: String,
    payload: Array[Byte],
    labels: Map[String, String]
) {

  /** The transform's full name. */
  def transform: String = labels.getOrElse("PTRANSFORM", "")

  /** The metric's namespace and name; of one that isn't the user's, the parts of its URN. */
  def namespaceAndName: (String, String) =
    if (urn.startsWith(MonitoringInfo.UserPrefix))
      (labels.getOrElse("NAMESPACE", ""), labels.getOrElse("NAME", ""))
    else {
      val (namespace, name) = urn.span(_ != ':')
      (namespace, name.drop(1))
    }

  /** The model's message. */
  def encode: Array[Byte] = {
    val fixed = new ProtoWriter().string(1, urn).string(2, kind).bytes(3, payload)
    labels.toSeq
      .sortBy(_._1)
      .foldLeft(fixed) { case (sofar, (key, value)) =>
        sofar.element(4, new ProtoWriter().string(1, key).string(2, value).result())
      }
      .result()
  }
}

/** Reads measurements. */
object MonitoringInfo {

  private val UserPrefix = "beam:metric:user:"

  /** Reads the model's message. */
  def decode(encoded: Array[Byte]): MonitoringInfo = {
    val message = ProtoMessage.decode(encoded)
    val labels = message.entries(4).map { case (key, value) => key -> new String(value, UTF_8) }
    MonitoringInfo(message.text(1), message.text(2), message.bytes(3), labels)
  }
}
