package beam2spark.runtime

import java.io.{EOFException, IOException}
import java.net.{
  InetSocketAddress,
  StandardProtocolFamily,
  StandardSocketOptions,
  UnixDomainSocketAddress
}
import java.nio.{ByteBuffer, ByteOrder}
import java.nio.channels.{ClosedByInterruptException, SelectionKey, Selector, SocketChannel}

/** A connection to a host that never blocks but in `await`, for use by one thread.
  *
  * What is to be sent lies in buffers; `send` writes as much of them as the host takes.
  *
  * @param address
  *   `unix:PATH` or `HOST:PORT`. Errors: an `IOException` where nobody answers.
  * @param openSelector
  *   makes what waits for it
  * @param largestFrame
  *   most bytes of a frame
  */
private[runtime] final class LinkSocket(
    address: String,
    openSelector: () => Selector = () => Selector.open(),
    val largestFrame: Int = FrameKind.LargestFrame
) extends AutoCloseable {
  private val channel = LinkSocket.connect(address)
  private val key =
    try LinkSocket.register(channel, openSelector())
    catch {
      case error: Throwable =>
        channel.close()
        throw error
    }
  private val head =
    ByteBuffer.allocateDirect(FrameKind.HeadBytes).order(ByteOrder.LITTLE_ENDIAN)
  private var outgoing = Array.empty[ByteBuffer]
  private var sent = 0

  /** Whether something is still to be written. */
  def isSending: Boolean = sent < outgoing.length

  /** Puts a frame in line, which must be empty. The buffers are the link's until `isSending` is no
    * more. Errors: a `RuntimeFailure` where they are over the limit.
    */
  def put(kind: Byte, contents: Seq[ByteBuffer]): Unit = {
    val size = contents.iterator.map(_.remaining.toLong).sum + 1
    if (size > largestFrame) throw FrameTooLarge.failure(kind, size, largestFrame)
    head.clear().putInt(size.toInt).put(kind).flip()
    outgoing = (head +: contents).iterator.flatMap(LinkSocket.cut).toArray
    sent = 0
  }

  /** Writes what the host takes now. Errors: an `IOException` where it is gone. */
  def send(): Unit = {
    var isTaken = true
    while (isSending && isTaken) {
      isTaken = channel.write(outgoing, sent, math.min(outgoing.length - sent, 64)) > 0
      while (isSending && !outgoing(sent).hasRemaining) sent += 1
    }
    if (!isSending) {
      outgoing = Array.empty
      sent = 0
    }
  }

  /** Gives up what was to be sent. */
  def drop(): Unit = {
    outgoing = Array.empty
    sent = 0
  }

  /** Reads what is there into a buffer, and says whether that is full now. Errors: an `IOException`
    * where the host is gone.
    */
  def fill(buffer: ByteBuffer): Boolean = {
    var isMore = true
    while (buffer.hasRemaining && isMore) {
      val count = channel.read(buffer)
      if (count < 0) throw new EOFException
      isMore = count > 0
    }
    !buffer.hasRemaining
  }

  /** Waits until something can be read, or written where something is to be, for so long at most.
    *
    * Errors: an `IOException` where the thread is interrupted.
    */
  def await(milliseconds: Long): Unit = {
    val writing = if (isSending) SelectionKey.OP_WRITE else 0
    key.interestOps(SelectionKey.OP_READ | writing)
    key.selector.select(milliseconds)
    key.selector.selectedKeys.clear()
    if (Thread.currentThread.isInterrupted) throw new ClosedByInterruptException
  }

  override def close(): Unit = {
    key.selector.close()
    channel.close()
  }
}

private object LinkSocket {
  private val Unix = "unix:"

  // Java keeps a copy outside of its heap of what it writes from there, as large as that is.
  private val LargestHeapPart = 1 << 16

  private def connect(address: String): SocketChannel =
    if (address.startsWith(Unix)) {
      val channel = SocketChannel.open(StandardProtocolFamily.UNIX)
      connect(channel, UnixDomainSocketAddress.of(address.stripPrefix(Unix)))
    } else {
      val cut = address.lastIndexOf(':')
      val host = address.take(cut).stripPrefix("[").stripSuffix("]")
      val channel = SocketChannel.open()
      channel.setOption(StandardSocketOptions.TCP_NODELAY, java.lang.Boolean.TRUE)
      connect(channel, new InetSocketAddress(host, address.drop(cut + 1).toInt))
    }

  private def register(channel: SocketChannel, selector: Selector): SelectionKey =
    try {
      channel.configureBlocking(false)
      channel.register(selector, SelectionKey.OP_READ)
    } catch {
      case error: Throwable =>
        selector.close()
        throw error
    }

  private def connect(channel: SocketChannel, address: java.net.SocketAddress): SocketChannel =
    try {
      channel.connect(address)
      channel
    } catch {
      case error: java.nio.channels.UnresolvedAddressException =>
        channel.close()
        throw new IOException(s"$address is not known", error)
      case error: IOException =>
        channel.close()
        throw error
    }

  private def cut(buffer: ByteBuffer): Iterator[ByteBuffer] =
    if (buffer.isDirect || buffer.remaining <= LargestHeapPart) Iterator(buffer)
    else
      Iterator.range(0, buffer.remaining, LargestHeapPart).map { start =>
        buffer.slice(buffer.position() + start, math.min(LargestHeapPart, buffer.remaining - start))
      }
}
