package beam2spark.runtime

import org.apache.spark.sql.types.{Decimal, StringType}
import org.apache.spark.sql.vectorized.{ColumnarArray, ColumnarMap, ColumnVector}
import org.apache.spark.unsafe.types.UTF8String

/** A column of texts that lie somewhere in a piece of memory: none of them is copied. */
private[runtime] final class TextColumn extends ColumnVector(StringType) {

  private var memory = Array.emptyByteArray
  private val starts = new Array[Int](TextColumn.Capacity)
  private val lengths = new Array[Int](TextColumn.Capacity)
  private var count = 0

  /** How many there are. */
  def size: Int = count

  /** Whether there is no place for another one. */
  def isFull: Boolean = count == TextColumn.Capacity

  /** Forgets all of them; those that follow lie in this memory. */
  def clear(bytes: Array[Byte]): Unit = {
    memory = bytes
    count = 0
  }

  /** Adds the text from `start` up to `end`. */
  def add(start: Int, end: Int): Unit = {
    starts(count) = start
    lengths(count) = end - start
    count += 1
  }

  override def getUTF8String(row: Int): UTF8String =
    UTF8String.fromBytes(memory, starts(row), lengths(row))

  override def hasNull: Boolean = false
  override def numNulls(): Int = 0
  override def isNullAt(row: Int): Boolean = false
  override def close(): Unit = ()

  override def getBinary(row: Int): Array[Byte] = lack()
  override def getBoolean(row: Int): Boolean = lack()
  override def getByte(row: Int): Byte = lack()
  override def getShort(row: Int): Short = lack()
  override def getInt(row: Int): Int = lack()
  override def getLong(row: Int): Long = lack()
  override def getFloat(row: Int): Float = lack()
  override def getDouble(row: Int): Double = lack()
  override def getDecimal(row: Int, precision: Int, scale: Int): Decimal = lack()
  override def getArray(row: Int): ColumnarArray = lack()
  override def getMap(row: Int): ColumnarMap = lack()
  override def getChild(number: Int): ColumnVector = lack()

  private def lack(): Nothing =
    throw new UnsupportedOperationException("this is a column of texts")
}

private object TextColumn {
  private val Capacity = 8192
}
