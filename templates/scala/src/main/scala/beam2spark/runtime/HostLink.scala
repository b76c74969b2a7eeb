package beam2spark.runtime

import java.io.IOException
import java.nio.ByteBuffer
import java.nio.charset.StandardCharsets.UTF_8
import java.util.concurrent.TimeUnit

import org.apache.arrow.memory.BufferAllocator

/** One task's connection to the Fn API host on its machine. Use it once, on one thread; `close`
  * ends it, whatever has happened.
  *
  * @param address
  *   `unix:PATH` or `HOST:PORT`. Errors: an `IOException` where no host answers.
  * @param largestFrame
  *   most bytes of a row, and of a side input that is sent
  */
private[runtime] final class HostLink(
    address: String,
    largestFrame: Int = FrameKind.LargestFrame
) extends AutoCloseable {
  private val socket = new LinkSocket(address, largestFrame = largestFrame)

  /** Opens a stage, whose rows then go there and come back.
    *
    * @param memory
    *   what has been received is kept in
    */
  def run(task: LinkTask, memory: BufferAllocator): LinkRun = new LinkRun(socket, task, memory)

  /** Tells the host that a job is over, and waits until its workers, or it, have ended, but not
    * longer than this: a host that answers no more must not hold up whoever has more to let go of.
    */
  def endJob(job: String, longestMillis: Long = HostLink.LongestEndMillis): Unit =
    try {
      val last = System.nanoTime + TimeUnit.MILLISECONDS.toNanos(longestMillis)
      socket.put(FrameKind.EndJob, Seq(ByteBuffer.wrap(job.getBytes(UTF_8))))
      val answer = ByteBuffer.allocate(1)
      while (!socket.fill(answer) && System.nanoTime < last) {
        socket.send()
        socket.await(math.min(HostLink.LookMillis, longestMillis))
      }
      if (answer.hasRemaining) Log.warn(s"the Fn API host did not say that $job has ended")
    } catch {
      case _: IOException => ()
    }

  /** Ends the connection; the host gives up what is open on it. */
  override def close(): Unit = socket.close()
}

private[runtime] object HostLink {

  /** How often one who waits for a host looks whether it is to go on, in milliseconds. */
  val LookMillis: Long = 500

  /** How long a host may take to end a job's workers. */
  private val LongestEndMillis: Long = 30000
}
