package beam2spark.runtime

import java.io.{FileNotFoundException, IOException}
import java.nio.file.{Files, FileVisitResult, Path => LocalPath, SimpleFileVisitor}
import java.nio.file.attribute.BasicFileAttributes

import scala.collection.mutable.ArrayBuffer
import scala.util.Try
import scala.util.matching.Regex

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.{FileSystem, Path}

/** The files that a pattern of Beam's matches. What has a scheme (`hdfs://…`) is Hadoop's to find,
  * all other paths are the machine's own.
  */
private[runtime] object MatchedFiles {

  private val Scheme: Regex = "[a-zA-Z][-a-zA-Z0-9+.]*://.*".r

  /** The files, by Beam's own matching. None is legal: Beam looks for files when a read is made,
    * and one that runs gives what it finds.
    *
    * Throws [[RuntimeFailure]] (`runtime/file-unreadable`) where the file system can't be asked.
    */
  def find(pattern: String, hadoop: Configuration): Seq[MatchedFile] = {
    val files =
      try if (Scheme.matches(pattern)) findShared(pattern, hadoop) else findLocal(pattern)
      catch { case error: IOException => throw refuse(pattern, error) }
    if (files.isEmpty) Log.warn(s"no file matches $pattern: nothing is read")
    files
  }

  /** A path as Hadoop takes it, and everything in it literally. */
  def qualify(path: String): Path =
    if (Scheme.matches(path)) new Path(path)
    else new Path(LocalPath.of(path).toAbsolutePath.toUri)

  /** The failure of a file that can't be read. */
  def refuse(path: String, error: Throwable): RuntimeFailure = {
    val reason = Option(error.getMessage).getOrElse("")
    RuntimeFailure(
      "runtime/file-unreadable",
      s"$path can't be read: ${error.getClass.getSimpleName}: $reason"
    )
  }

  private def findLocal(text: String): Seq[MatchedFile] = {
    val pattern = new FilePattern(text)
    pattern.path match {
      case Some(path) =>
        val place = LocalPath.of(path)
        if (Files.exists(place)) Seq(MatchedFile(path, Files.size(place))) else Nil
      case None =>
        val folder = parentOf(pattern.prefix)
        listLocal(folder).filter(file => pattern.matches(file.path))
    }
  }

  /** All files below a folder, named as Python's `os.walk` and `os.path.join` name them. */
  private def listLocal(folder: String): Seq[MatchedFile] = {
    val root = LocalPath.of(folder)
    val files = ArrayBuffer.empty[MatchedFile]
    val visitor = new SimpleFileVisitor[LocalPath] {
      override def visitFile(file: LocalPath, facts: BasicFileAttributes): FileVisitResult = {
        // Links to files are files; those to folders aren't followed, and others lead nowhere.
        if (!Files.isDirectory(file))
          Try(Files.size(file)).foreach(size => files += MatchedFile(nameBelow(file), size))
        FileVisitResult.CONTINUE
      }

      override def visitFileFailed(file: LocalPath, error: IOException): FileVisitResult =
        FileVisitResult.CONTINUE

      private def nameBelow(file: LocalPath): String = {
        val rest = root.relativize(file).toString
        if (folder.isEmpty || folder.endsWith("/")) folder + rest else s"$folder/$rest"
      }
    }
    // Without a folder there is nothing to walk, as for `os.walk("")`.
    if (folder.nonEmpty && Files.exists(root)) Files.walkFileTree(root, visitor)
    files.sortBy(_.path).toVector
  }

  private def findShared(text: String, hadoop: Configuration): Seq[MatchedFile] = {
    val pattern = new FilePattern(text)
    val place = new Path(pattern.path.getOrElse(parentOf(pattern.prefix) + "/"))
    val system = FileSystem.get(place.toUri, hadoop)
    try
      if (pattern.path.isDefined)
        pattern.path.map(locate(system, _, place)).toSeq
      else listShared(system, place).filter(file => pattern.matches(file.path))
    catch { case _: FileNotFoundException => Nil }
  }

  private def locate(system: FileSystem, path: String, place: Path): MatchedFile = {
    val status = system.getFileStatus(place)
    val blocks =
      if (status.isFile) system.getFileBlockLocations(status, 0, status.getLen).toSeq else Nil
    MatchedFile(path, status.getLen, blocks)
  }

  private def listShared(system: FileSystem, folder: Path): Seq[MatchedFile] = {
    val found = system.listFiles(folder, true)
    Iterator
      .continually(found)
      .takeWhile(_.hasNext)
      .map(_.next())
      .map(file => MatchedFile(file.getPath.toString, file.getLen, file.getBlockLocations.toSeq))
      .toVector
      .sortBy(_.path)
  }

  /** What Python's `os.path.dirname` gives. */
  private def parentOf(path: String): String = {
    val head = path.take(path.lastIndexOf('/') + 1)
    if (head.forall(_ == '/')) head else head.reverse.dropWhile(_ == '/').reverse
  }
}
