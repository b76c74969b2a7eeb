package beam2spark.runtime

/** What is to be said where a frame of the link is over the limit.
  *
  * A frame of rows ends after some hundred KiB, so that one over the limit is a single row; a side
  * input is one frame.
  */
private[runtime] object FrameTooLarge {

  /** The failure for a frame of a kind and a size. */
  def failure(kind: Byte, size: Long, limit: Int): RuntimeFailure = kind match {
    case FrameKind.SideInputRows =>
      RuntimeFailure(
        "runtime/side-input-too-large",
        s"a side input takes $size bytes, and up to $limit go to the Fn API host at once",
        hint = Some(
          "lower spark.beam2spark.maxSideInputBytes: above it side inputs are read from files"
        )
      )
    case _ =>
      RuntimeFailure(
        "runtime/row-too-large",
        s"an element takes $size bytes, and up to $limit go to or from the Fn API host at once",
        hint = Some("cut it, or keep what is in it in a file and let the element name that")
      )
  }
}
