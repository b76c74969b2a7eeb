package beam2spark.runtime

import java.io.{ByteArrayOutputStream, DataOutputStream}
import java.nio.ByteBuffer

/** One number of a metric's payload, as Beam's coders for varint and double have it. */
private[runtime] trait MetricNumber[N] {

  /** Reads one. */
  def read(source: ByteBuffer): N

  /** Writes one. */
  def write(value: N, out: ByteArrayOutputStream): Unit

  /** The sum of two. */
  def add(first: N, second: N): N

  /** Puts the smaller one first. */
  def order: Ordering[N]
}

private[runtime] object MetricNumber {

  // Sums wrap around in 64 bits, as those of Beam's cells do: a distribution of timestamps must not
  // fail the job.
  val integers: MetricNumber[Long] = new MetricNumber[Long] {
    override def read(source: ByteBuffer): Long = Varint.read(source)
    override def write(value: Long, out: ByteArrayOutputStream): Unit = Varint.write(value, out)
    override def add(first: Long, second: Long): Long = first + second
    override def order: Ordering[Long] = Ordering.Long
  }

  val doubles: MetricNumber[Double] = new MetricNumber[Double] {
    override def read(source: ByteBuffer): Double = source.getDouble
    override def write(value: Double, out: ByteArrayOutputStream): Unit =
      new DataOutputStream(out).writeDouble(value)
    override def add(first: Double, second: Double): Double = first + second
    override def order: Ordering[Double] = Ordering.Double.TotalOrdering
  }
}
