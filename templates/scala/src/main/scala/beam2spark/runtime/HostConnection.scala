package beam2spark.runtime

import java.io.{BufferedReader, File, IOException, InputStreamReader}
import java.lang.ProcessBuilder.Redirect
import java.net.ConnectException
import java.nio.channels.FileChannel
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, NoSuchFileException, Path}
import java.nio.file.StandardOpenOption.{CREATE, WRITE}

import scala.annotation.tailrec
import scala.jdk.CollectionConverters._

import org.apache.spark.TaskContext

/** Finds the Fn API host of this machine, or starts it. */
private[runtime] object HostConnection {
  private val Unix = "unix:"
  private val Listening = "listening on "
  private val IdleSeconds = 120
  private val Attempts = 5
  private val ReplacementMillis = 10000L
  private val StepMillis = 100L

  /** A task's connection to the host, which is started where there is none.
    *
    * Errors: a `RuntimeFailure` (`runtime/host-unreachable`, `runtime/host-not-started`).
    */
  def connect(settings: HostSettings): HostLink = {
    val partition = TaskContext.getPartitionId()
    if (settings.addresses.isEmpty) {
      val folder = HostFolder.of(settings.application, partition % settings.hosts)
      connectOwn(folder, start(settings, _))
    } else connectTo(settings.addresses(partition % settings.addresses.length))
  }

  /** Tells the hosts on this machine that a job is over; nothing is made for it. */
  def endJob(settings: HostSettings): Unit = {
    val addresses = if (settings.addresses.isEmpty) listOwn(settings) else settings.addresses
    addresses.flatMap(tryLink).foreach { link =>
      try link.endJob(settings.job)
      finally link.close()
    }
  }

  /** A connection to the host of a folder, which `start` starts where there is none; it gives where
    * that listens. A host that ends takes its folder along, and may do so just now.
    */
  private[runtime] def connectOwn(folder: HostFolder, start: HostFolder => String): HostLink =
    Iterator
      .continually(tryOwn(folder, start))
      .take(Attempts)
      .collectFirst { case Some(link) => link }
      .getOrElse {
        throw RuntimeFailure(
          "runtime/host-unreachable",
          "each Fn API host on this machine has ended at once"
        )
      }

  /** A connection to the host at an address. The launcher replaces one that has ended: where its
    * socket's folder is still there, or its port is refused, the next one is waited for.
    */
  private def connectTo(address: String): HostLink = {
    val deadline = System.nanoTime + ReplacementMillis * 1000000
    val isReplaced = (error: IOException) =>
      if (address.startsWith(Unix))
        Files.isDirectory(Path.of(address.stripPrefix(Unix)).getParent)
      else error.isInstanceOf[ConnectException]

    @tailrec def attempt(): HostLink =
      try new HostLink(address)
      catch {
        case error: IOException if !isReplaced(error) || System.nanoTime > deadline =>
          throw RuntimeFailure(
            "runtime/host-unreachable",
            s"no Fn API host answers at $address: ${error.getMessage}",
            hint = Some(
              "start it there, or leave spark.beam2spark.host out, so that tasks start one"
            )
          )
        case _: IOException =>
          Thread.sleep(StepMillis)
          attempt()
      }
    attempt()
  }

  /** Where the application's hosts on this machine listen. */
  private def listOwn(settings: HostSettings): Seq[String] =
    HostFolder.list(settings.application).flatMap { folder =>
      try {
        folder.checkPrivate()
        folder.findAddress()
      } catch { case _: NoSuchFileException => None }
    }

  /** None where the folder has gone meanwhile. */
  private def tryOwn(folder: HostFolder, start: HostFolder => String): Option[HostLink] =
    try {
      folder.create()
      Some(tryThere(folder).getOrElse(linkOrStart(folder, start)))
    } catch {
      case _: NoSuchFileException           => None
      case _: IOException if !folder.exists => None
    }

  private def linkOrStart(folder: HostFolder, start: HostFolder => String): HostLink =
    synchronized {
      // Tasks of this process wait above, and those of other ones for the lock.
      val channel = FileChannel.open(folder.lock, CREATE, WRITE)
      try {
        channel.lock()
        tryThere(folder).getOrElse(new HostLink(start(folder)))
      } finally channel.close()
    }

  private def tryThere(folder: HostFolder): Option[HostLink] =
    folder.findAddress().flatMap(tryLink)

  private def tryLink(address: String): Option[HostLink] =
    try Some(new HostLink(address))
    catch { case _: IOException => None }

  /** Starts the host and waits until it listens. It ends with this process, or when it is idle.
    *
    * @return
    *   where it listens
    */
  private def start(settings: HostSettings, folder: HostFolder): String = {
    val words = Seq(findNode(settings), settings.findProgram().toString) ++
      Seq("--listen", folder.prepare(), "--owner", ProcessHandle.current.pid.toString) ++
      Seq("--idle-seconds", IdleSeconds.toString, "--folder", folder.path.toString) ++
      settings.words
    val said = runHost(words, folder)
    val line =
      try Option(said.readLine())
      finally said.close()
    val address = line.filter(_.startsWith(Listening)).map(_.stripPrefix(Listening)).getOrElse {
      throw RuntimeFailure(
        "runtime/host-not-started",
        s"the Fn API host has ended at its start: ${folder.readLogEnd()}"
      )
    }
    folder.keepAddress(address)
    address
  }

  private def runHost(words: Seq[String], folder: HostFolder): BufferedReader =
    try {
      val child = new ProcessBuilder((ownSession(words).toSeq ++ words).asJava)
        .redirectInput(new File("/dev/null"))
        .redirectError(Redirect.appendTo(folder.log.toFile))
        .start()
      new BufferedReader(new InputStreamReader(child.getInputStream, UTF_8))
    } catch {
      case error: IOException if folder.exists =>
        throw RuntimeFailure(
          "runtime/host-not-started",
          s"the Fn API host's Node.js can't be run: ${error.getMessage}",
          hint = Some("name another one with spark.beam2spark.node")
        )
    }

  /** What runs a program in a session of its own, where this machine has it: signals for the
    * executor's group would leave the host's folder behind.
    */
  private def ownSession(words: Seq[String]): Option[String] =
    if (new File(words.head).canExecute) findInPath("setsid") else None

  private def findNode(settings: HostSettings): String = settings.node
    .orElse(settings.findBundledNode().map(_.toString))
    .orElse(findInPath("node"))
    .getOrElse {
      throw RuntimeFailure(
        "runtime/host-not-started",
        "the Fn API host needs Node.js, and this machine has no `node` in its PATH",
        hint = Some(
          "install Node.js 20 there, name it with spark.beam2spark.node, or compile with " +
            "--bundle-node"
        )
      )
    }

  private def findInPath(program: String): Option[String] = sys.env
    .getOrElse("PATH", "")
    .split(File.pathSeparatorChar)
    .iterator
    .filter(_.nonEmpty)
    .map(new File(_, program))
    .find(file => file.isFile && file.canExecute)
    .map(_.getPath)
}
