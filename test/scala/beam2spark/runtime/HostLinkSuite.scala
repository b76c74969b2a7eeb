package beam2spark.runtime

import java.io.IOException
import java.nio.ByteBuffer
import java.nio.charset.StandardCharsets.UTF_8
import java.util.concurrent.CancellationException

import scala.collection.mutable

/** A task's end of the link, against a host that does as a test says. */
class HostLinkSuite extends munit.FunSuite {
  private val batch = Seq(ByteBuffer.wrap("a batch of rows".getBytes(UTF_8)))

  /** A task of the link; what it is given is kept. */
  private class Task(
      override val open: OpenStage = OpenStage(descriptor = Array(1)),
      batches: => Iterator[Seq[ByteBuffer]] = Iterator(batch)
  ) extends LinkTask {
    val logged: mutable.Buffer[LogMessage] = mutable.Buffer.empty
    @volatile var isCancelled: Boolean = false
    override val rows: Iterator[Seq[ByteBuffer]] = batches.map(_.map(_.duplicate()))
    override def readSideInput(index: Int): SideInputContent =
      if (index == 0) SideInputFiles(Seq("/a"), Nil, 0)
      else SideInputStream(s"rows $index".getBytes(UTF_8))
    override def takeLog(message: LogMessage): Unit = logged += message
    override def check(): Unit = if (isCancelled) throw new CancellationException("not wanted")
  }

  private def endless = Iterator.continually(Seq(ByteBuffer.allocateDirect(1 << 20)))

  /** Runs a stage to its end; gives the number and the content of each output's rows. Nothing of
    * Arrow's memory is left, whatever has happened.
    */
  private def run(task: Task, behave: LinkPeer => Unit): (List[(Int, String)], Seq[Array[Byte]]) =
    LinkPeer.serve(behave)(runAt(_, task))

  private def runAt(
      address: String,
      task: Task,
      largestFrame: Int = FrameKind.LargestFrame
  ): (List[(Int, String)], Seq[Array[Byte]]) = {
    val memory = ArrowMemory.open("test")
    val link = new HostLink(address, largestFrame)
    try {
      val run = link.run(task, memory)
      try {
        val rows = run.map { received =>
          val size = (received.content.capacity - received.start).toInt
          val bytes = new Array[Byte](size)
          received.content.getBytes(received.start, bytes)
          received.content.close()
          (received.output, new String(bytes, UTF_8).takeWhile(_ != '\u0000'))
        }.toList
        (rows, run.monitoringInfos)
      } finally run.close()
    } finally {
      link.close()
      memory.close()
    }
  }

  private def fail(peer: LinkPeer, texts: (Int, String)*): Unit =
    peer.send(
      FrameKind.Failed,
      texts
        .foldLeft(new ProtoWriter) { case (writer, (field, text)) => writer.string(field, text) }
        .result()
    )

  test("rows go there and come back, and what is logged") {
    val task = new Task(batches = Iterator(batch, batch))
    val (rows, infos) = run(
      task,
      peer => {
        import FrameKind._
        assertEquals(peer.receiveAll(), List(Open, Rows, Rows, End))
        val message = new ProtoWriter().string(1, "warning").string(2, "heard").string(3, "Do")
        peer.send(Log, message.result())
        peer.send(Alive)
        peer.send(Rows, 1.toByte +: "rows".getBytes(UTF_8))
        peer.send(Done, new ProtoWriter().element(1, "info".getBytes(UTF_8)).result())
      }
    )
    assertEquals(rows, List((1, "rows")))
    assertEquals(infos.map(new String(_, UTF_8)), Seq("info"))
    assertEquals(task.logged.toList, List(LogMessage("warning", "heard", "Do")))
  }

  test("a host may listen at a port") {
    val (rows, _) = LinkPeer.serveAtPort { peer =>
      assertEquals(peer.receiveAll(), List(FrameKind.Open, FrameKind.Rows, FrameKind.End))
      peer.send(FrameKind.Rows, 0.toByte +: "rows".getBytes(UTF_8))
      peer.send(FrameKind.Done)
    }(runAt(_, new Task))
    assertEquals(rows, List((0, "rows")))
  }

  test("a batch arrives as it was, however much of it the host takes at a time") {
    val large = ByteBuffer.allocateDirect(5 << 20)
    while (large.hasRemaining) large.putInt(large.position())
    large.flip()
    run(
      new Task(batches = Iterator(Seq(ByteBuffer.wrap(Array(7, 8)), large))),
      peer => {
        peer.receive()
        val (kind, content) = peer.receive()
        assertEquals(kind, FrameKind.Rows)
        assertEquals(content.take(2).toList, List[Byte](7, 8))
        assertEquals(ByteBuffer.wrap(content, 2, 5 << 20), large.duplicate())
        peer.receiveAll()
        peer.send(FrameKind.Done)
      }
    )
  }

  test("side inputs are sent before rows where the host lacks them") {
    val (rows, _) = run(
      new Task(OpenStage(sideInputs = Seq("a", "b", "c"))),
      peer => {
        assertEquals(peer.receive()._1, FrameKind.Open)
        peer.send(FrameKind.Wanted, new ProtoWriter().number(1, 2).result())
        val (kind, content) = peer.receive()
        assertEquals((kind, new String(content, UTF_8)), (FrameKind.SideInputRows, "rows 2"))
        peer.send(FrameKind.Wanted)
        val (other, files) = peer.receive()
        assertEquals(other, FrameKind.SideInputFiles)
        assertEquals(files.toList, new ProtoWriter().strings(1, Seq("/a")).result().toList)
        peer.send(FrameKind.Ready)
        assertEquals(peer.receiveAll(), List(FrameKind.Rows, FrameKind.End))
        peer.send(FrameKind.Done)
      }
    )
    assertEquals(rows, Nil)
  }

  test("the end of a job is waited for, but not for ever") {
    val isAsked = new java.util.concurrent.CountDownLatch(1)
    LinkPeer.serve { peer =>
      assertEquals(peer.receive()._1, FrameKind.EndJob)
      isAsked.countDown()
      // It says nothing, and stays until the task has gone.
      peer.drain()
    } { address =>
      val link = new HostLink(address)
      try link.endJob("job", longestMillis = 50)
      finally link.close()
    }
    assertEquals(isAsked.getCount, 0L)
  }

  test("a connection that can't be waited for is closed") {
    LinkPeer.serve(_.drain()) { address =>
      intercept[IOException](new LinkSocket(address, () => throw new IOException("no selector")))
    }
  }

  test("a failure of the user's has its transform and trace") {
    val failure = intercept[RuntimeFailure] {
      run(
        new Task,
        peer => {
          peer.receiveAll()
          fail(peer, 2 -> "ValueError: no", 3 -> "Do", 5 -> "Traceback …")
        }
      )
    }
    assertEquals(failure.code, "runtime/user-function-failed")
    assertEquals((failure.reason, failure.transform), ("ValueError: no", Option("Do")))
    assertEquals((failure.hint, failure.trace), (None, Option("Traceback …")))
  }

  test("a failure comes while rows are still sent, and after the host has gone") {
    val failure = intercept[RuntimeFailure] {
      run(
        new Task(batches = endless),
        peer => {
          peer.receive()
          fail(peer, 1 -> "runtime/worker-gone", 2 -> "gone")
        }
      )
    }
    assertEquals(failure.code, "runtime/worker-gone")
  }

  for (frames <- Seq(0, 1, 3)) test(s"a host that is gone after $frames frames is a failure") {
    val failure = intercept[RuntimeFailure] {
      run(new Task(batches = endless), peer => (1 to frames).foreach(_ => peer.receive()))
    }
    assertEquals(failure.code, "runtime/host-lost")
  }

  test("what is half received when the host goes is let go of") {
    val failure = intercept[RuntimeFailure] {
      run(
        new Task,
        peer => {
          peer.receiveAll()
          val content = new Array[Byte](1 << 16)
          peer.sendHalf(FrameKind.Rows, content)
        }
      )
    }
    assertEquals(failure.code, "runtime/host-lost")
  }

  test("a row or a side input over the limit is named, and so is a row that comes back") {
    val large = Seq(ByteBuffer.allocate(2000))
    def failed(task: Task)(behave: LinkPeer => Unit) =
      intercept[RuntimeFailure](LinkPeer.serve(behave)(runAt(_, task, largestFrame = 1000))).code
    assertEquals(failed(new Task(batches = Iterator(large)))(_.drain()), "runtime/row-too-large")
    val sides = new Task(OpenStage(sideInputs = Seq("a", "b"))) {
      override def readSideInput(index: Int): SideInputContent =
        SideInputStream(new Array[Byte](2000))
    }
    val code = failed(sides) { peer =>
      peer.send(FrameKind.Wanted, new ProtoWriter().number(1, 1).result())
      peer.drain()
    }
    assertEquals(code, "runtime/side-input-too-large")
    val returned = failed(new Task) { peer =>
      peer.sendHalf(FrameKind.Rows, new Array[Byte](2000))
      peer.drain()
    }
    assertEquals(returned, "runtime/row-too-large")
  }

  test("what reading the rows raises is raised") {
    val broken = Iterator(batch) ++ Iterator.continually(throw new ArithmeticException("upstream"))
    val raised = intercept[ArithmeticException] {
      run(new Task(batches = broken), _.drain())
    }
    assertEquals(raised.getMessage, "upstream")
  }

  test("a host that takes nothing stops the task's input, and results come nevertheless") {
    var count = 0
    val (rows, _) = run(
      new Task(batches = endless.take(40).map { batch => count += 1; batch }),
      peer => {
        peer.receive()
        Thread.sleep(200)
        assert(count < 5, s"$count batches were read")
        for (_ <- 1 to 100) peer.send(FrameKind.Rows, Array.fill(1 << 18)('x'.toByte))
        peer.receiveAll()
        peer.send(FrameKind.Done)
      }
    )
    assertEquals(rows.length, 100)
    assertEquals(count, 40)
  }

  test("a task that is cancelled ends while it waits for the host") {
    val task = new Task
    val waiting = Thread.currentThread
    intercept[CancellationException] {
      run(
        task,
        peer => {
          peer.receiveAll()
          task.isCancelled = true
          waiting.interrupt()
          peer.drain()
        }
      )
    }
    assert(Thread.interrupted())
  }
}
