package beam2spark.runtime

/** The URNs of the model's coders whose bytes the Fn API host reads and writes itself. */
private[runtime] object CoderUrn {
  val Bytes = "beam:coder:bytes:v1"
  val StringUtf8 = "beam:coder:string_utf8:v1"
  val Bool = "beam:coder:bool:v1"
  val Varint = "beam:coder:varint:v1"
  val Double = "beam:coder:double:v1"
  val Kv = "beam:coder:kv:v1"
  val Iterable = "beam:coder:iterable:v1"
  val Nullable = "beam:coder:nullable:v1"
  val LengthPrefix = "beam:coder:length_prefix:v1"
  val GlobalWindow = "beam:coder:global_window:v1"
  val IntervalWindow = "beam:coder:interval_window:v1"

  /** All of them. */
  val all: Set[String] = Set(
    Bytes,
    StringUtf8,
    Bool,
    Varint,
    Double,
    Kv,
    Iterable,
    Nullable,
    LengthPrefix,
    GlobalWindow,
    IntervalWindow
  )
}
