package beam2spark.runtime

import java.nio.{ByteBuffer, ByteOrder}

/** The hash by which the keys of a stored side input are spread, sorted and found, as the host has
  * it: BLAKE2b (RFC 7693) with a digest of 8 bytes.
  */
private[runtime] object KeyHash {

  private val DigestBytes = 8
  private val BlockBytes = 128
  private val LongestSecret = 64
  private val Rounds = 12

  private val initial: Array[Long] = Array(0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL,
    0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L, 0x510e527fade682d1L, 0x9b05688c2b3e6c1fL,
    0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L)

  /** Which word of a block each step of a round takes; more rounds begin again from the first. */
  private val order: Array[Array[Int]] = Array(
    Array(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    Array(14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3),
    Array(11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4),
    Array(7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8),
    Array(9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13),
    Array(2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9),
    Array(12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11),
    Array(13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10),
    Array(6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5),
    Array(10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0)
  )

  /** The four words that each step mixes: first the columns, then the diagonals. */
  private val steps: Array[Array[Int]] = Array(
    Array(0, 4, 8, 12),
    Array(1, 5, 9, 13),
    Array(2, 6, 10, 14),
    Array(3, 7, 11, 15),
    Array(0, 5, 10, 15),
    Array(1, 6, 11, 12),
    Array(2, 7, 8, 13),
    Array(3, 4, 9, 14)
  )

  /** A hash of an encoded key in an encoded window: the same in every process. */
  def of(window: Array[Byte], key: Array[Byte]): Long = {
    val secret = window.take(LongestSecret)
    val state = initial.clone
    state(0) ^= 0x01010000L ^ (secret.length << 8) ^ DigestBytes
    // A secret is a block of its own, in front.
    val content = if (secret.isEmpty) key else secret.padTo(BlockBytes, 0.toByte) ++ key
    val blocks = math.max(1, (content.length + BlockBytes - 1) / BlockBytes)
    for (index <- 0 until blocks) {
      val start = index * BlockBytes
      val size = math.min(BlockBytes, content.length - start)
      val block = ByteBuffer.allocate(BlockBytes).order(ByteOrder.LITTLE_ENDIAN)
      block.put(content, start, size)
      compress(state, block, start.toLong + size, index == blocks - 1)
    }
    // The digest's bytes are read with the highest first.
    java.lang.Long.reverseBytes(state(0))
  }

  private def compress(
      state: Array[Long],
      block: ByteBuffer,
      count: Long,
      isLast: Boolean
  ): Unit = {
    val work = state ++ initial
    work(12) ^= count
    if (isLast) work(14) = ~work(14)
    for (round <- 0 until Rounds; step <- steps.indices) {
      val words = order(round % order.length)
      mix(
        work,
        steps(step),
        block.getLong(words(step * 2) * 8),
        block.getLong(words(step * 2 + 1) * 8)
      )
    }
    for (word <- state.indices) state(word) ^= work(word) ^ work(word + state.length)
  }

  private def mix(work: Array[Long], places: Array[Int], first: Long, second: Long): Unit = {
    val (a, b, c, d) = (places(0), places(1), places(2), places(3))
    work(a) += work(b) + first
    work(d) = java.lang.Long.rotateRight(work(d) ^ work(a), 32)
    work(c) += work(d)
    work(b) = java.lang.Long.rotateRight(work(b) ^ work(c), 24)
    work(a) += work(b) + second
    work(d) = java.lang.Long.rotateRight(work(d) ^ work(a), 16)
    work(c) += work(d)
    work(b) = java.lang.Long.rotateRight(work(b) ^ work(c), 63)
  }
}
