package beam2spark.runtime

/** The payload of a bounded trie: paths, of which there are never more than `bound`.
  *
  * @param root
  *   the paths; none where there is nothing
  */
private[runtime] final case class BoundedTrie(bound: Int, root: Option[TrieNode]) {

  /** The paths of both, cut until they are within the smaller bound: the largest branch at its
    * deepest fork, as Beam's own cells do.
    */
  def union(other: BoundedTrie): BoundedTrie = (root, other.root) match {
    case (_, None) => this
    case (None, _) => other
    case (Some(one), Some(another)) =>
      val least = math.min(bound, other.bound)
      BoundedTrie(least, Some(BoundedTrie.cut(one.union(another), least)))
  }

  /** The paths; each ends with whether what lies below it was dropped. */
  def paths: Seq[Seq[Any]] = root.getOrElse(TrieNode.leaf).paths

  /** The model's message. */
  def encode: Array[Byte] = {
    val out = new ProtoWriter().number(1, bound.toLong)
    root.fold(out)(node => out.element(2, node.encode)).result()
  }
}

private[runtime] object BoundedTrie {

  /** Reads the model's message. */
  def decode(encoded: Array[Byte]): BoundedTrie = {
    val message = ProtoMessage.decode(encoded)
    val single = message.texts(3)
    val root = message.message(2).map(TrieNode.decode).orElse {
      if (single.isEmpty) None
      else Some(single.foldRight(TrieNode.leaf)((segment, child) => TrieNode.of(segment -> child)))
    }
    BoundedTrie(message.long(1).toInt, root)
  }

  @annotation.tailrec
  private def cut(node: TrieNode, bound: Int): TrieNode = {
    val trimmed = if (node.size > bound) node.trim else node
    if (trimmed.size == node.size) node else cut(trimmed, bound)
  }
}
