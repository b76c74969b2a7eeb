package beam2spark.runtime

import scala.jdk.CollectionConverters._

import org.apache.arrow.memory.BufferAllocator
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection
import org.apache.spark.sql.catalyst.util.GenericArrayData
import org.apache.spark.sql.types._
import org.apache.spark.unsafe.types.UTF8String

/** Rows as they go to the host, and as they come back. */
class StageColumnsSuite extends munit.FunSuite {
  private def text(value: String): UTF8String = UTF8String.fromString(value)

  private def withMemory[T](use: BufferAllocator => T): T = {
    val memory = ArrowMemory.open("test")
    // Closing it fails where something was not let go of.
    try use(memory)
    finally memory.close()
  }

  /** What a host would send that sends the rows back, batch by batch. */
  private def send(
      rows: Seq[InternalRow],
      schema: StructType,
      output: Int,
      mostRows: Int,
      memory: BufferAllocator
  ): Seq[ReceivedRows] = {
    val batches = new RowBatches(rows.iterator, schema, memory, mostRows, 1 << 16)
    try
      batches.map { parts =>
        val content = memory.buffer(parts.map(_.remaining.toLong).sum + 8)
        parts.foldLeft(8L) { (at, part) =>
          val size = part.remaining
          content.setBytes(at, part)
          at + size
        }
        ReceivedRows(output, content, 8)
      }.toVector
    finally batches.close()
  }

  private def takeAll(
      sent: Iterator[ReceivedRows],
      schema: StructType,
      outputCount: Int,
      memory: BufferAllocator
  ): Seq[InternalRow] = {
    val columns = ArrowColumns.withTexts(schema)
    val outputs = new OutputBatches(sent, columns, outputCount, memory)
    val toUnsafe = UnsafeProjection.create(columns)
    try outputs.flatMap(_.rowIterator.asScala.map(toUnsafe(_).copy(): InternalRow)).toVector
    finally outputs.close()
  }

  /** The rows after they have gone there and back, in how many batches. */
  private def goAndReturn(
      rows: Seq[InternalRow],
      schema: StructType,
      mostRows: Int = 0
  ): (Seq[InternalRow], Int) = withMemory { memory =>
    val sent = send(rows, schema, 0, mostRows, memory)
    (takeAll(sent.iterator, schema, 1, memory), sent.length)
  }

  private def check(columns: String, rows: InternalRow*): Unit = {
    val schema = StructType.fromDDL(columns)
    val toUnsafe = UnsafeProjection.create(schema)
    assertEquals(goAndReturn(rows, schema)._1, rows.map(toUnsafe(_).copy(): InternalRow))
  }

  test("every type of column comes back as it was, and what is missing stays missing") {
    check(
      "a binary, b string, c boolean, d bigint, e double, f int",
      InternalRow(Array[Byte](0, -1), text("é€😀"), true, Long.MinValue, Double.NaN, -1),
      InternalRow(null, null, null, null, null, null),
      InternalRow(Array.emptyByteArray, text(""), false, 0L, -0.0, Int.MaxValue)
    )
  }

  test("decimals of all digits") {
    val large = new java.math.BigDecimal("9" * 38)
    check(
      "a decimal(38,0)",
      InternalRow(Decimal(BigDecimal(large.negate), 38, 0)),
      InternalRow(Decimal(BigDecimal(1), 38, 0)),
      InternalRow(null)
    )
  }

  test("columns within columns") {
    val pair = (key: Long, value: String) => InternalRow(key, text(value))
    check(
      "a array<struct<key: bigint, value: string>>, b struct<key: array<binary>, value: double>",
      InternalRow(
        new GenericArrayData(Array[Any](pair(1, "one"), null, pair(2, "two"))),
        InternalRow(new GenericArrayData(Array[Any](Array[Byte](1), null)), 0.5)
      ),
      InternalRow(null, InternalRow(null, null)),
      InternalRow(new GenericArrayData(Array.empty[Any]), null)
    )
  }

  test("a batch has so many rows or bytes, and at least one row") {
    val numbers = StructType.fromDDL("a bigint")
    val rows = (1 to 10).map(number => InternalRow(number.toLong))
    assertEquals(goAndReturn(rows, numbers, mostRows = 4)._2, 3)
    val texts = StructType.fromDDL("a string")
    val large = (1 to 5).map(_ => InternalRow(text("x" * 40000)))
    assertEquals(goAndReturn(large, texts)._2, 3)
    val huge = InternalRow(text("x" * 1000000))
    assertEquals(goAndReturn(Seq(huge, huge), texts)._2, 2)
  }

  test("of several outputs each row has one, and nothing of the others") {
    val schema =
      StructType.fromDDL("output int, o0_value string, o1_key bigint, o1_value array<string>")
    val toUnsafe = UnsafeProjection.create(schema)
    val list = new GenericArrayData(Array[Any](text("three")))
    val rows = withMemory { memory =>
      val sent =
        send(Seq(InternalRow(text("one"))), StructType.fromDDL("value string"), 0, 0, memory) ++
          send(
            Seq(InternalRow(2L, list)),
            StructType.fromDDL("key bigint, value array<string>"),
            1,
            0,
            memory
          )
      takeAll(sent.iterator, schema, 2, memory)
    }
    val expected =
      Seq(InternalRow(0, text("one"), null, null), InternalRow(1, null, 2L, list))
    assertEquals(rows, expected.map(toUnsafe(_).copy(): InternalRow))
  }

  test("a stream that is none is refused, and let go of") {
    withMemory { memory =>
      val content = memory.buffer(64)
      content.setZero(0, 64)
      content.setInt(4, 16)
      val schema = StructType.fromDDL("value string")
      val sent = Iterator(ReceivedRows(0, content, 0))
      intercept[java.io.IOException](takeAll(sent, schema, 1, memory))
    }
  }
}
