package beam2spark.runtime

import java.math.BigInteger
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{FileAlreadyExistsException, Files, LinkOption, Path}
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.attribute.{PosixFileAttributes, PosixFilePermissions}
import java.security.MessageDigest

import scala.jdk.CollectionConverters._
import scala.util.Using

import com.sun.security.auth.module.UnixSystem

/** The folder of a host on this machine, with its socket, its lock and its log: one of those that
  * an executor of an application has.
  */
private[runtime] final class HostFolder(val path: Path) {
  val socket: Path = path.resolve("link")
  val lock: Path = path.resolve("lock")
  val log: Path = path.resolve("log")
  private val kept = path.resolve("address")
  private val hasSocket = socket.toString.getBytes(UTF_8).length <= HostFolder.LongestSocket

  /** Where the host listens, if one was started. */
  def findAddress(): Option[String] =
    if (hasSocket) Some(s"unix:$socket")
    else if (Files.exists(kept)) Some(Files.readString(kept))
    else None

  /** Removes what a host has left.
    *
    * @return
    *   where the next one is to listen: at a socket, or, where its path is too long, at any port of
    *   the loopback interface
    */
  def prepare(): String = {
    Files.deleteIfExists(socket)
    Files.deleteIfExists(kept)
    if (hasSocket) s"unix:$socket" else HostFolder.AnyPort
  }

  /** Tells other tasks where the host listens. */
  def keepAddress(address: String): Unit = {
    val written = Files.writeString(path.resolve("address.new"), address)
    Files.move(written, kept, ATOMIC_MOVE)
    ()
  }

  def exists: Boolean = Files.exists(path, LinkOption.NOFOLLOW_LINKS)

  /** Makes it, if it isn't there. */
  def create(): Unit = {
    val mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
    try Files.createDirectory(path, mine)
    catch { case _: FileAlreadyExistsException => () }
    checkPrivate()
  }

  /** Raises a `RuntimeFailure` unless the folder is ours, and nobody else's to look into; a
    * `NoSuchFileException` where it has gone.
    */
  def checkPrivate(): Unit = {
    val found = Files.readAttributes(
      path,
      classOf[PosixFileAttributes],
      LinkOption.NOFOLLOW_LINKS
    )
    val owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
    val isOpen = found.permissions.asScala.exists(!_.name.startsWith("OWNER_"))
    if (!found.isDirectory || owner != HostFolder.user || isOpen)
      throw RuntimeFailure(
        "runtime/host-not-started",
        s"the folder $path is open to others on this machine"
      )
  }

  /** The end of what the host has said. */
  def readLogEnd(): String = new String(Files.readAllBytes(log), UTF_8).takeRight(2000)
}

private[runtime] object HostFolder {
  private val user: Integer = new UnixSystem().getUid.toInt
  private val AnyPort = "127.0.0.1:0"

  // Most bytes of a socket's path.
  private val LongestSocket = if (System.getProperty("os.name") == "Linux") 107 else 103

  // Not in TMPDIR, which may be so long that a socket's path in it is none.
  private val ShortParent = Path.of("/tmp")

  /** The folder of one of this process's hosts. Executors that share a machine share none: a host
    * ends with the one that has started it.
    */
  def of(application: String, number: Int): HostFolder = {
    val executor = ProcessHandle.current.pid
    new HostFolder(parent.resolve(s"${prefix(application)}$executor-$number"))
  }

  /** The folders that an application has on this machine. */
  def list(application: String): Seq[HostFolder] =
    Using.resource(Files.newDirectoryStream(parent, s"${prefix(application)}*")) {
      _.asScala.map(new HostFolder(_)).toVector
    }

  private def parent: Path =
    if (Files.isWritable(ShortParent)) ShortParent
    else Path.of(System.getProperty("java.io.tmpdir"))

  private def prefix(application: String): String = {
    val bytes = MessageDigest.getInstance("SHA-256").digest(application.getBytes(UTF_8))
    s"beam2spark-host-$user-${f"${new BigInteger(1, bytes)}%064x".take(16)}-"
  }
}
