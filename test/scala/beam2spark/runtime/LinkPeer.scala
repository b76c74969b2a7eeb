package beam2spark.runtime

import java.io.{DataInputStream, EOFException}
import java.net.{InetAddress, InetSocketAddress, StandardProtocolFamily, UnixDomainSocketAddress}
import java.nio.{ByteBuffer, ByteOrder}
import java.nio.channels.{AsynchronousCloseException, Channels, ServerSocketChannel, SocketChannel}
import java.nio.file.Files
import java.util.concurrent.ConcurrentLinkedQueue

/** The host's end of a connection, which does as a test says. */
final class LinkPeer(channel: SocketChannel) {
  private val input = new DataInputStream(Channels.newInputStream(channel))

  /** The next frame: its kind and content. */
  def receive(): (Byte, Array[Byte]) = {
    val size = Integer.reverseBytes(input.readInt())
    val kind = input.readByte()
    (kind, input.readNBytes(size - 1))
  }

  /** The kinds of frames until the task has no more rows. */
  def receiveAll(): List[Byte] = {
    val (kind, _) = receive()
    if (kind == FrameKind.End) List(kind) else kind :: receiveAll()
  }

  /** Reads until the task has gone. */
  def drain(): Unit =
    try input.transferTo(java.io.OutputStream.nullOutputStream())
    catch { case _: java.io.IOException => () }

  /** Sends a frame. */
  def send(kind: Byte, content: Array[Byte] = Array.emptyByteArray): Unit =
    write(content.length + 1, kind, content)

  /** Sends a frame without its end. */
  def sendHalf(kind: Byte, content: Array[Byte]): Unit =
    write(2 * content.length, kind, content)

  private def write(size: Int, kind: Byte, content: Array[Byte]): Unit = {
    val frame = ByteBuffer.allocate(5 + content.length).order(ByteOrder.LITTLE_ENDIAN)
    frame.putInt(size).put(kind).put(content).flip()
    while (frame.hasRemaining) channel.write(frame)
  }
}

object LinkPeer {

  /** Runs `use` with the address of a host that behaves so to each task that comes; what it raises
    * is raised.
    */
  def serve[T](behave: LinkPeer => Unit)(use: String => T): T = {
    val folder = Files.createTempDirectory("link-")
    val place = folder.resolve("link")
    val server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
    try serve(server.bind(UnixDomainSocketAddress.of(place)), s"unix:$place", behave, use)
    finally {
      Files.deleteIfExists(place)
      Files.delete(folder)
    }
  }

  /** The same at a port of this machine. */
  def serveAtPort[T](behave: LinkPeer => Unit)(use: String => T): T = {
    val loopback = InetAddress.getLoopbackAddress
    val server = ServerSocketChannel.open().bind(new InetSocketAddress(loopback, 0))
    serve(server, s"${loopback.getHostAddress}:${server.socket.getLocalPort}", behave, use)
  }

  private def serve[T](
      server: ServerSocketChannel,
      address: String,
      behave: LinkPeer => Unit,
      use: String => T
  ): T = {
    val peers = new ConcurrentLinkedQueue[Thread]
    val errors = new ConcurrentLinkedQueue[Throwable]
    val accepting = start {
      try
        while (true) {
          val channel = server.accept()
          peers.add(start(answer(channel, behave, errors)))
        }
      catch { case _: AsynchronousCloseException => () }
    }
    try {
      val result = use(address)
      server.close()
      accepting.join()
      peers.forEach(_.join(10000))
      errors.forEach(throw _)
      result
    } finally server.close()
  }

  private def answer(
      channel: SocketChannel,
      behave: LinkPeer => Unit,
      errors: ConcurrentLinkedQueue[Throwable]
  ): Unit =
    try behave(new LinkPeer(channel))
    catch {
      // The task has gone.
      case _: EOFException  => ()
      case error: Throwable => errors.add(error): Unit
    } finally channel.close()

  private def start(run: => Unit): Thread = {
    val thread = new Thread(() => run)
    thread.start()
    thread
  }
}
