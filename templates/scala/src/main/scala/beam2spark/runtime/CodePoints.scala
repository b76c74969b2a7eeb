package beam2spark.runtime

import java.nio.charset.StandardCharsets.UTF_8
import java.util.Arrays

/** Texts in the order of their code points, as Python has them; Java's is that of UTF-16. */
private[runtime] object CodePoints {

  /** The bytes of UTF-8 lie in the same order. */
  val order: Ordering[String] =
    (one, other) => Arrays.compareUnsigned(one.getBytes(UTF_8), other.getBytes(UTF_8))
}
