package beam2spark.runtime

import java.io.IOException
import java.nio.ByteBuffer

import org.apache.arrow.memory.BufferAllocator

/** The rows of a stage's outputs as they come over a link.
  *
  * All of it happens on the thread of the task, which alone may read its input: a frame is sent
  * while the host takes it, and what the host has sent is read meanwhile. A host that stops reading
  * stops the task's input; a task that takes no outputs stops the host.
  *
  * Errors, when the next rows are asked for: a `RuntimeFailure` for what the host reports and for a
  * host that is gone, for a row or a side input that is too large, and whatever the task raises.
  */
private[runtime] final class LinkRun(socket: LinkSocket, task: LinkTask, memory: BufferAllocator)
    extends Iterator[ReceivedRows]
    with AutoCloseable {
  private val frames = new FrameReader(socket, memory)
  private val rows = task.rows
  private var ahead = Option.empty[ReceivedRows]
  private var infos = Seq.empty[Array[Byte]]
  private var wanted = Option.empty[Int]
  private var isReady = false
  private var isEnded = false
  private var isGone = false
  private var isDone = false
  begin()

  /** The MonitoringInfos that the host has given, once there are no more rows. */
  def monitoringInfos: Seq[Array[Byte]] = infos

  override def hasNext: Boolean = {
    while (ahead.isEmpty && !isDone) step()
    ahead.isDefined
  }

  override def next(): ReceivedRows = {
    if (!hasNext) throw new NoSuchElementException("all rows have been taken")
    val received = ahead.get
    ahead = None
    received
  }

  /** Lets go of what has been received and not been taken. */
  override def close(): Unit = {
    ahead.foreach(_.content.close())
    ahead = None
    frames.close()
  }

  private def begin(): Unit = {
    val open = task.open
    isReady = open.sideInputs.isEmpty
    socket.put(FrameKind.Open, Seq(ByteBuffer.wrap(open.encode())))
  }

  /** Sends and receives what goes without waiting; where nothing does, waits. */
  private def step(): Unit = {
    if (!isGone) send()
    val received = onSocket(frames.read())
    received.foreach(take)
    if (received.isEmpty && (socket.isSending || !canPut)) {
      task.check()
      onSocket(socket.await(HostLink.LookMillis))
    }
  }

  private def canPut: Boolean = !isGone && (wanted.isDefined || (isReady && !isEnded))

  private def send(): Unit = {
    if (!socket.isSending && canPut) putNext()
    try socket.send()
    catch {
      // The host may have said why before it went.
      case _: IOException =>
        isGone = true
        socket.drop()
    }
  }

  private def putNext(): Unit = wanted match {
    case Some(index) =>
      wanted = None
      task.readSideInput(index) match {
        case SideInputStream(bytes) =>
          socket.put(FrameKind.SideInputRows, Seq(ByteBuffer.wrap(bytes)))
        case files: SideInputFiles =>
          socket.put(FrameKind.SideInputFiles, Seq(ByteBuffer.wrap(files.encode())))
      }
    case None if rows.hasNext => socket.put(FrameKind.Rows, rows.next())
    case None =>
      isEnded = true
      socket.put(FrameKind.End, Nil)
  }

  private def take(frame: ReceivedFrame): Unit = frame match {
    case received: ReceivedRows => ahead = Some(received)
    case ReceivedMessage(kind, content) =>
      kind match {
        case FrameKind.Log    => task.takeLog(LinkMessages.decodeLog(content))
        case FrameKind.Wanted => wanted = Some(LinkMessages.decodeWanted(content))
        case FrameKind.Ready  => isReady = true
        // The host only looks whether we are still here.
        case FrameKind.Alive => ()
        case FrameKind.Done =>
          infos = LinkMessages.decodeDone(content)
          isDone = true
        case FrameKind.Failed => throw LinkMessages.decodeFailed(content)
        case other =>
          throw new IllegalStateException(s"a frame of kind $other, which no host sends")
      }
  }

  private def onSocket[T](use: => T): T =
    try use
    catch {
      case _: IOException =>
        // A thread that is interrupted can't use its socket any more.
        task.check()
        throw RuntimeFailure(
          "runtime/host-lost",
          "the Fn API host has closed the connection in the middle of a stage",
          hint = Some("its log says why; Spark tries the task again")
        )
    }
}
