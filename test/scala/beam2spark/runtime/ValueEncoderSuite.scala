package beam2spark.runtime

import java.math.BigDecimal
import java.util.HexFormat

import org.apache.spark.sql.Row

/** Keys in the bytes by which workers ask for them; what is expected is what Beam's coders give. */
final class ValueEncoderSuite extends munit.FunSuite {

  private val bytes = CoderTree(CoderUrn.Bytes)
  private val text = CoderTree(CoderUrn.StringUtf8)
  private val any = CoderTree(CoderUrn.LengthPrefix)

  private def encode(layout: String, coder: CoderTree, value: Any): String =
    HexFormat.of.formatHex(ValueEncoder.create(Json.read(layout), coder).encodeNested(value))

  private def kind(name: String): String = s"""{"kind": "$name"}"""

  private def list(element: String) = s"""{"kind": "iterable", "element": $element}"""

  private def pair(key: String, value: String) = s"""{"kind": "kv", "key": $key, "value": $value}"""

  private def optional(value: String) = s"""{"kind": "nullable", "value": $value}"""

  private val encoded = """{"kind": "encoded", "coder": "c"}"""

  test("values of coders that all SDKs know") {
    val nullablePair = CoderTree(CoderUrn.Kv, Seq(text, CoderTree(CoderUrn.Nullable, Seq(bytes))))
    val layout = pair(kind("utf8"), optional(kind("bytes")))
    assertEquals(encode(layout, nullablePair, Row("é", Array[Byte]('x'))), "02c3a9010178")
    assertEquals(encode(layout, nullablePair, Row("é", null)), "02c3a900")
    val numbers = CoderTree(CoderUrn.Iterable, Seq(CoderTree(CoderUrn.Varint)))
    assertEquals(
      encode(list(kind("varint")), numbers, Seq(1L, -1L, 300L)),
      "0000000301ffffffffffffffffff01ac02"
    )
    assertEquals(encode(kind("double"), CoderTree(CoderUrn.Double), -0.0), "8000000000000000")
    assertEquals(encode(kind("bool"), CoderTree(CoderUrn.Bool), true), "01")
  }

  test("bytes of an outermost value are nested") {
    def raw(hex: String) = HexFormat.of.parseHex(hex)
    assertEquals(encode(encoded, any, raw("0102")), "020102")
    val texts = CoderTree(CoderUrn.Kv, Seq(text, text))
    assertEquals(encode(encoded, texts, raw("02616263")), "0261620163")
    val lists = CoderTree(CoderUrn.Kv, Seq(CoderTree(CoderUrn.Iterable, Seq(text)), bytes))
    assertEquals(
      encode(encoded, lists, raw("0000000202616201637879")),
      "000000020261620163027879"
    )
  }

  test("typed values in Python's coder for any value") {
    val cases = Seq[(String, Any, String)](
      (kind("bytes"), "ab".getBytes, "03036162"),
      (kind("utf8"), "é", "0304c3a9"),
      (kind("bool"), true, "020901"),
      (kind("varint"), -3L, "0b01fdffffffffffffffff01"),
      (kind("double"), 1.5, "09023ff8000000000000"),
      (optional(kind("double")), null, "0100"),
      (list(kind("varint")), Seq(1L, 2L), "06050201010102"),
      (pair(kind("utf8"), kind("bytes")), Row("k", "v".getBytes), "08060204016b030176"),
      (kind("integer"), new BigDecimal("-9223372036854775808"), "0b0180808080808080808001"),
      (
        kind("integer"),
        new BigDecimal("9223372036854775808"),
        "18ff8005950c000000000000008a090000000000000080002e"
      ),
      (
        kind("integer"),
        new BigDecimal("-9223372036854775809"),
        "18ff8005950c000000000000008a09ffffffffffffff7fff2e"
      ),
      (kind("quotient"), Row(new BigDecimal(1), 3L), "09023fd5555555555555"),
      (kind("quotient"), Row(new BigDecimal("9007199254740993"), 1L), "09024340000000000000"),
      (kind("quotient"), Row(new BigDecimal(0), 7L), "09020000000000000000")
    )
    for ((layout, value, expected) <- cases) assertEquals(encode(layout, any, value), expected)
  }

  test("integers in coders of an SDK's own") {
    def coded(encoding: String) =
      s"""{"kind": "coded-integer", "coder": "c", "encoding": "$encoding"}"""
    assertEquals(encode(coded("zigzag"), any, -2L), "0103")
    assertEquals(encode(coded("varint32"), any, -1L), "05ffffffff0f")
  }

  test("windows as workers ask by them") {
    def window(columns: Any*) = HexFormat.of.formatHex(WindowBytes.encode(columns))
    assertEquals(window(0L, 10000L), "8000000000002710904e")
    assertEquals(window(-5500L, 100001L), "80000000000186a19db806")
    assertEquals(window(), "")
    assertEquals(window(Array[Byte](7)), "07")
  }
}
