package beam2spark.runtime

import java.util.regex.Pattern

/** A file pattern as Beam's Python SDK reads it: `*` is anything within a folder, `**` anything,
  * `?` any character, `[abc]` and `[!a-z]` one of a set. Nothing can be escaped.
  */
private[runtime] final class FilePattern(text: String) {

  // What ends with a separator means all that lies there.
  private val whole = if (text.endsWith("/") || text.endsWith("\\")) text + "*" else text

  /** The part in front of the first `*`, `?` or `[`. */
  val prefix: String = whole.takeWhile(char => !"*?[".contains(char))

  /** The one path that is meant, where the pattern has nothing of the kind. */
  val path: Option[String] = Option.when(prefix.length == whole.length)(whole)

  private lazy val expression = Pattern.compile(FilePattern.translate(whole), Pattern.DOTALL)

  /** Whether a path is meant. Throws `PatternSyntaxException` for a set such as `[z-a]`. */
  def matches(path: String): Boolean = expression.matcher(path).matches()
}

private[runtime] object FilePattern {

  /** Java's regular expression of a pattern. */
  private def translate(pattern: String): String = {
    val out = new StringBuilder
    var rest = pattern
    while (rest.nonEmpty) {
      val (part, length) = translateNext(rest)
      out ++= part
      rest = rest.drop(length)
    }
    out.toString
  }

  /** The expression of what a pattern begins with, and how long that is. */
  private def translateNext(pattern: String): (String, Int) = pattern.head match {
    case '*' if pattern.startsWith("**") => (".*", 2)
    case '*'                             => ("[^/\\\\]*", 1)
    case '?'                             => (".", 1)
    case '['                             =>
      // A closing bracket that comes first belongs to the set.
      val start = if (pattern.startsWith("[!")) 2 else 1
      val end = pattern.indexOf(']', if (pattern.startsWith("]", start)) start + 1 else start)
      if (end < 0) (quote('['), 1)
      else (translateSet(pattern.substring(start, end), isNegated = start == 2), end + 1)
    case _ =>
      val char = pattern.codePointAt(0)
      (quote(char), Character.charCount(char))
  }

  private def translateSet(members: String, isNegated: Boolean): String = {
    val chars = members.codePoints.toArray.toVector
    val parts = Iterator
      .unfold(chars) {
        case first +: '-' +: last +: rest => Some((s"${quote(first)}-${quote(last)}", rest))
        case char +: rest                 => Some((quote(char), rest))
        case _                            => None
      }
      .mkString
    if (isNegated) s"[^$parts]" else s"[$parts]"
  }

  private def quote(char: Int): String = f"\\x{$char%x}"
}
