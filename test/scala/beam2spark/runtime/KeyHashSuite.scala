package beam2spark.runtime

/** The hash of `key_hash.py` and of the host's `key-hash.ts`; what is expected is what they give.
  */
final class KeyHashSuite extends munit.FunSuite {

  private def hash(size: Int, length: Int): Long = KeyHash.of(
    Array.tabulate(size)(index => (size * 7 + index).toByte),
    Array.tabulate(length)(index => (length + index * 13).toByte)
  )

  test("keys of all lengths up to several blocks, in windows of several lengths") {
    assertEquals(hash(0, 0), -1970711489451281740L)
    assertEquals(hash(12, 7), -5570196511947373756L)
    assertEquals(hash(65, 1000), -3893461730242147271L)
    val all = for {
      size <- Seq(0, 1, 12, 63, 64, 65, 100)
      length <- Seq(0, 1, 7, 127, 128, 129, 255, 256, 257, 1000)
    } yield hash(size, length)
    assertEquals(all.foldLeft(0L)(_ * 31 + _), -3704519357339719010L)
  }
}
