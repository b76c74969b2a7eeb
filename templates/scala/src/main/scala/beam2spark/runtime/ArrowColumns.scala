package beam2spark.runtime

import scala.jdk.CollectionConverters._

import org.apache.arrow.vector.types.FloatingPointPrecision
import org.apache.arrow.vector.types.pojo.{ArrowType, Field, FieldType, Schema}
import org.apache.spark.sql.types._

/** Spark's types of columns as the host and the Python runtime have them in Arrow. */
private[runtime] object ArrowColumns {

  /** A schema. Errors: an `IllegalArgumentException` for a type that no layout has. */
  def schemaOf(columns: StructType): Schema = new Schema(columns.map(fieldOf).asJava)

  /** The same columns with texts in place of bytes. Both lie alike in memory, in Arrow's vectors as
    * in Spark's rows, but only of texts do Spark's readers and writers take what lies there without
    * an array of each.
    */
  def withTexts(columns: StructType): StructType = StructType(
    columns.map(column => column.copy(dataType = withTexts(column.dataType)))
  )

  /** The same of Arrow's. */
  def withTexts(schema: Schema): Schema = new Schema(schema.getFields.asScala.map(withTexts).asJava)

  private def withTexts(of: DataType): DataType = of match {
    case BinaryType                 => StringType
    case columns: StructType        => withTexts(columns)
    case ArrayType(element, isNull) => ArrayType(withTexts(element), isNull)
    case other                      => other
  }

  private def withTexts(field: Field): Field = {
    val children = field.getChildren.asScala.map(withTexts).asJava
    val own = field.getType match {
      case _: ArrowType.Binary => ArrowType.Utf8.INSTANCE
      case other               => other
    }
    new Field(field.getName, FieldType.nullable(own), children)
  }

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
