package beam2spark.runtime

import java.io.ByteArrayOutputStream
import java.util.Arrays

/** The payload of a histogram.
  *
  * @param count
  *   how many values it has seen
  * @param buckets
  *   the model's BucketOptions, as encoded
  * @param counts
  *   how many values each bucket has
  */
private[runtime] final case class HistogramValue(
    count: Long,
    buckets: Array[Byte],
    counts: Seq[Long]
) {

  /** Both together. Where their buckets aren't the same ones, the other is kept. */
  def add(other: HistogramValue): HistogramValue =
    if (!Arrays.equals(buckets, other.buckets)) other
    else
      HistogramValue(
        count + other.count,
        buckets,
        counts.zipAll(other.counts, 0L, 0L).map { case (one, another) => one + another }
      )

  /** How many values lie in buckets. */
  def total: Long = counts.sum

  /** An estimate of a percentile, as Beam's histograms have it: values are taken to lie evenly in
    * their bucket. There is none without values, or where buckets aren't linear.
    */
  def percentile(part: Double): Option[Double] =
    ProtoMessage.decode(buckets).message(1).filter(_ => total > 0).map { linear =>
      val sums = counts.scanLeft(0L)(_ + _)
      val bucket = counts.indices.indexWhere(index => sums(index + 1).toDouble / total >= part)
      if (bucket < 0) Double.PositiveInfinity
      else {
        val missing = part - sums(bucket).toDouble / total
        val size = missing * linear.double(2) / (counts(bucket).toDouble / total)
        linear.double(3) + linear.double(2) * bucket + size
      }
    }

  /** The model's message. */
  def encode: Array[Byte] = {
    val packed = new ByteArrayOutputStream
    counts.foreach(Varint.write(_, packed))
    new ProtoWriter()
      .number(1, count)
      .bytes(2, buckets)
      .bytes(3, packed.toByteArray)
      .result()
  }
}

private[runtime] object HistogramValue {

  /** Reads the model's message. */
  def decode(encoded: Array[Byte]): HistogramValue = {
    val message = ProtoMessage.decode(encoded)
    HistogramValue(message.long(1), message.bytes(2), message.longs(3))
  }
}
