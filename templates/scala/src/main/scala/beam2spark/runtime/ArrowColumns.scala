package beam2spark.runtime

import scala.jdk.CollectionConverters._

import org.apache.arrow.vector.types.FloatingPointPrecision
import org.apache.arrow.vector.types.pojo.{ArrowType, Field, FieldType, Schema}
import org.apache.spark.sql.types._

/** Spark's types of columns as the host and the Python runtime have them in Arrow. */
private[runtime] object ArrowColumns {

  /** A schema. Errors: an `IllegalArgumentException` for a type that no layout has. */
  def schemaOf(columns: StructType): Schema = new Schema(columns.map(fieldOf).asJava)

  private def fieldOf(column: StructField): Field = fieldOf(column.name, column.dataType)

  private def fieldOf(name: String, of: DataType): Field = {
    val children = of match {
      case StructType(columns)   => columns.toSeq.map(fieldOf)
      case ArrayType(element, _) => Seq(fieldOf("element", element))
      case _                     => Nil
    }
    new Field(name, FieldType.nullable(typeOf(of)), children.asJava)
  }

  private def typeOf(of: DataType): ArrowType = of match {
    case BinaryType           => ArrowType.Binary.INSTANCE
    case StringType           => ArrowType.Utf8.INSTANCE
    case BooleanType          => ArrowType.Bool.INSTANCE
    case LongType             => new ArrowType.Int(64, true)
    case IntegerType          => new ArrowType.Int(32, true)
    case DoubleType           => new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)
    case decimal: DecimalType => new ArrowType.Decimal(decimal.precision, decimal.scale, 128)
    case _: StructType        => ArrowType.Struct.INSTANCE
    case _: ArrayType         => ArrowType.List.INSTANCE
    case other => throw new IllegalArgumentException(s"no stage has a column of type $other")
  }
}
