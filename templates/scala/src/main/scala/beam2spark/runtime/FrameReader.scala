package beam2spark.runtime

import java.nio.{ByteBuffer, ByteOrder}

import org.apache.arrow.memory.{ArrowBuf, BufferAllocator}

/** What the host has sent. */
private[runtime] sealed trait ReceivedFrame

/** Rows of one output: an Arrow stream from `start` on. Whoever takes them closes the content. */
private[runtime] final case class ReceivedRows(output: Int, content: ArrowBuf, start: Long)
    extends ReceivedFrame

/** Anything else. */
private[runtime] final case class ReceivedMessage(kind: Byte, content: Array[Byte])
    extends ReceivedFrame

/** Cuts what comes over a socket into frames. Rows go to Arrow's memory as they come. */
private[runtime] final class FrameReader(socket: LinkSocket, memory: BufferAllocator)
    extends AutoCloseable {
  private val head =
    ByteBuffer.allocateDirect(FrameKind.HeadBytes).order(ByteOrder.LITTLE_ENDIAN)
  private var incoming = Option.empty[IncomingFrame]

  /** Reads what is there; gives a frame that is whole now.
    *
    * Errors: an `IOException` where the host is gone, a `RuntimeFailure` for one over the limit.
    */
  def read(): Option[ReceivedFrame] = {
    if (incoming.isEmpty && socket.fill(head)) incoming = Some(openFrame())
    incoming.filter(frame => socket.fill(frame.buffer)).map { frame =>
      incoming = None
      frame.take()
    }
  }

  /** Lets go of a frame that is not whole. */
  override def close(): Unit = {
    incoming.foreach(_.drop())
    incoming = None
  }

  private def openFrame(): IncomingFrame = {
    head.flip()
    val size = head.getInt()
    val kind = head.get()
    head.clear()
    if (size < 1 || size > socket.largestFrame)
      throw FrameTooLarge.failure(kind, Integer.toUnsignedLong(size), socket.largestFrame)
    if (kind == FrameKind.Rows) new IncomingRows(size - 1) else new IncomingMessage(kind, size - 1)
  }

  private sealed abstract class IncomingFrame {
    def buffer: ByteBuffer
    def take(): ReceivedFrame
    def drop(): Unit
  }

  private final class IncomingMessage(kind: Byte, size: Int) extends IncomingFrame {
    override val buffer: ByteBuffer = ByteBuffer.allocate(size)
    override def take(): ReceivedFrame = ReceivedMessage(kind, buffer.array)
    override def drop(): Unit = ()
  }

  private final class IncomingRows(size: Int) extends IncomingFrame {
    // The stream follows the output's number, and its columns begin at multiples of eight.
    private val content = memory.buffer(size + FrameReader.Before)
    override val buffer: ByteBuffer = content.nioBuffer(FrameReader.Before, size)
    override def take(): ReceivedFrame = {
      val output = content.getByte(FrameReader.Before) & 0xff
      ReceivedRows(output, content, FrameReader.Before + 1)
    }
    override def drop(): Unit = content.close()
  }
}

private object FrameReader {
  private val Before = 7L
}
