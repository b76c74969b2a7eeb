package beam2spark.runtime

/** What a frame of the link is (src/fnhost/link/frames.ts): each side sends a length (32 bits, the
  * lowest byte first, of what follows it), a kind (one byte) and a content.
  */
private[runtime] object FrameKind {
  val Open: Byte = 1
  val Rows: Byte = 2
  val End: Byte = 3
  val Done: Byte = 4
  val Failed: Byte = 5
  val Wanted: Byte = 6
  val Ready: Byte = 7
  val SideInputRows: Byte = 8
  val SideInputFiles: Byte = 9
  val Log: Byte = 10
  val Alive: Byte = 11
  val EndJob: Byte = 16

  /** Bytes before a frame's content. */
  val HeadBytes: Int = 5

  /** Most bytes of a frame. */
  val LargestFrame: Int = 1 << 30
}
