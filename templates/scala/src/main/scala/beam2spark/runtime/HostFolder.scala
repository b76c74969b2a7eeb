package beam2spark.runtime

import java.math.BigInteger
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{FileAlreadyExistsException, Files, LinkOption, Path}
import java.nio.file.attribute.{PosixFileAttributes, PosixFilePermissions}
import java.security.MessageDigest

import scala.jdk.CollectionConverters._

import com.sun.security.auth.module.UnixSystem

/** The folder of an application's host on this machine, with its socket, its lock and its log. */
private[runtime] final class HostFolder(application: String) {

  // Not in TMPDIR, which may be so long that a socket's path in it is none.
  val path: Path = Path.of(s"/tmp/beam2spark-host-${HostFolder.user}-$digest")

  val socket: Path = path.resolve("link")
  val lock: Path = path.resolve("lock")
  val log: Path = path.resolve("log")

  /** Where the host listens. */
  def address: String = s"unix:$socket"

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

  private def digest: String = {
    val bytes = MessageDigest.getInstance("SHA-256").digest(application.getBytes(UTF_8))
    f"${new BigInteger(1, bytes)}%064x".take(16)
  }
}

private object HostFolder {
  private val user: Integer = new UnixSystem().getUid.toInt
}
