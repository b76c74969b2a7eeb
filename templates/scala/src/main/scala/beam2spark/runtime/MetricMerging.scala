package beam2spark.runtime

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer

/** The metrics of several tasks as those of a whole job. */
object MetricMerging {

  private type Merge = (Array[Byte], Array[Byte]) => Array[Byte]

  // A list's type doesn't say how many of the largest or smallest it should have.
  private val MostExtremes = 100

  private val merges: Map[String, Merge] = Map(
    MetricKind.SumInt64 -> mergeSums(MetricNumber.integers),
    MetricKind.SumDouble -> mergeSums(MetricNumber.doubles),
    MetricKind.DistributionInt64 -> mergeDistributions(MetricNumber.integers),
    MetricKind.DistributionDouble -> mergeDistributions(MetricNumber.doubles),
    MetricKind.LatestInt64 -> mergeLatest,
    MetricKind.LatestDouble -> mergeLatest,
    MetricKind.TopInt64 -> mergeExtremes(MetricNumber.integers, isLargest = true),
    MetricKind.TopDouble -> mergeExtremes(MetricNumber.doubles, isLargest = true),
    MetricKind.BottomInt64 -> mergeExtremes(MetricNumber.integers, isLargest = false),
    MetricKind.BottomDouble -> mergeExtremes(MetricNumber.doubles, isLargest = false),
    MetricKind.SetString -> mergeSets,
    MetricKind.BoundedTrie -> ((first, second) =>
      BoundedTrie.decode(first).union(BoundedTrie.decode(second)).encode
    ),
    MetricKind.Histogram -> ((first, second) =>
      HistogramValue.decode(first).add(HistogramValue.decode(second)).encode
    )
  )

  /** One info for each metric of each transform, sorted by transform, namespace, name and type.
    *
    * Counters and distributions are added up, of gauges the latest counts, and sets, tries and
    * histograms are united. Of a type that is none of these the last one is kept.
    */
  def merge(infos: Seq[MonitoringInfo]): Seq[MonitoringInfo] =
    infos
      .groupBy { info =>
        val (namespace, name) = info.namespaceAndName
        (info.transform, namespace, name, info.kind)
      }
      .toSeq
      .sortBy(_._1)
      .map { case (_, same) =>
        same.reduceLeft { (first, second) =>
          second.copy(payload = mergePayloads(second.kind, first.payload, second.payload))
        }
      }

  /** One payload of two of the same metric; of a type that is not known the second. */
  def mergePayloads(kind: String, first: Array[Byte], second: Array[Byte]): Array[Byte] =
    merges.get(kind).fold(second)(_(first, second))

  private def mergeSums[N](number: MetricNumber[N]): Merge = (first, second) =>
    written { out =>
      val sum =
        number.add(number.read(ByteBuffer.wrap(first)), number.read(ByteBuffer.wrap(second)))
      number.write(sum, out)
    }

  private def mergeDistributions[N](number: MetricNumber[N]): Merge = (first, second) => {
    val (one, other) = (ByteBuffer.wrap(first), ByteBuffer.wrap(second))
    written { out =>
      Varint.write(Varint.read(one) + Varint.read(other), out)
      number.write(number.add(number.read(one), number.read(other)), out)
      number.write(number.order.min(number.read(one), number.read(other)), out)
      number.write(number.order.max(number.read(one), number.read(other)), out)
    }
  }

  /** The time comes first; of equal ones the second counts. */
  private def mergeLatest: Merge = (first, second) =>
    if (Varint.read(ByteBuffer.wrap(first)) > Varint.read(ByteBuffer.wrap(second))) first
    else second

  private def mergeExtremes[N](number: MetricNumber[N], isLargest: Boolean): Merge =
    (first, second) => {
      val order = if (isLargest) number.order.reverse else number.order
      val values = MetricList.read(first, number.read) ++ MetricList.read(second, number.read)
      MetricList.write[N](values.sorted(order).take(MostExtremes), number.write)
    }

  private def mergeSets: Merge = (first, second) => {
    val members = MetricList.readTexts(first) ++ MetricList.readTexts(second)
    MetricList.writeTexts(members.distinct.sorted(CodePoints.order))
  }

  private def written(write: ByteArrayOutputStream => Unit): Array[Byte] = {
    val out = new ByteArrayOutputStream
    write(out)
    out.toByteArray
  }
}
