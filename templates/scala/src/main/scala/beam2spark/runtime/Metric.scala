package beam2spark.runtime

import java.nio.ByteBuffer

/** A metric of the user's as a plain value.
  *
  * @param transform
  *   the full name of the transform that has it
  * @param kind
  *   such as `sum_int64`
  * @param value
  *   a number, a distribution as a map of count, sum, min and max, a gauge's latest value, a sorted
  *   list, a histogram as a map of count, p50, p90 and p99; maps have their parts in this order
  */
final case class Metric(
    transform: String,
    namespace: String,
    name: String,
    kind: String,
    value: Any
)

/** Reads metrics. */
object Metric {

  /** Merged metrics as plain values, in their order, without those that have none. */
  def decode(infos: Seq[MonitoringInfo]): Seq[Metric] =
    for {
      info <- infos
      value <- decodeValue(info.kind, info.payload)
    } yield {
      val (namespace, name) = info.namespaceAndName
      Metric(info.transform, namespace, name, info.kind.split(':')(2), value)
    }

  private def decodeValue(kind: String, payload: Array[Byte]): Option[Any] = {
    val source = ByteBuffer.wrap(payload)
    kind match {
      case MetricKind.SumInt64           => Some(Varint.read(source))
      case MetricKind.SumDouble          => Some(source.getDouble)
      case MetricKind.DistributionInt64  => Some(distribution(source, MetricNumber.integers))
      case MetricKind.DistributionDouble => Some(distribution(source, MetricNumber.doubles))
      case MetricKind.LatestInt64        => Some(latest(source, MetricNumber.integers))
      case MetricKind.LatestDouble       => Some(latest(source, MetricNumber.doubles))
      case MetricKind.SetString =>
        Some(MetricList.readTexts(payload).sorted(CodePoints.order))
      case MetricKind.BoundedTrie => Some(BoundedTrie.decode(payload).paths)
      case MetricKind.Histogram   => Some(histogram(HistogramValue.decode(payload)))
      case _                      => None
    }
  }

  // In the order in which they lie there, which is that of people who read them, too.
  private def distribution[N](source: ByteBuffer, number: MetricNumber[N]): Map[String, Any] = Map(
    "count" -> Varint.read(source),
    "sum" -> number.read(source),
    "min" -> number.read(source),
    "max" -> number.read(source)
  )

  private def latest[N](source: ByteBuffer, number: MetricNumber[N]): N = {
    Varint.read(source)
    number.read(source)
  }

  private def histogram(value: HistogramValue): Map[String, Any] = Map(
    "count" -> value.total,
    "p50" -> value.percentile(0.50),
    "p90" -> value.percentile(0.90),
    "p99" -> value.percentile(0.99)
  )
}
