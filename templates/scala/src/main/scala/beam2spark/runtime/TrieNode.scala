package beam2spark.runtime

import scala.collection.immutable.VectorMap

/** What lies below a path of a bounded trie.
  *
  * @param children
  *   by their segment; none where they were dropped
  */
private[runtime] final class TrieNode private (val children: Option[VectorMap[String, TrieNode]]) {

  /** How many paths there are; one ends where there is nothing more below it. */
  val size: Int = children.fold(1)(nodes => math.max(1, nodes.valuesIterator.map(_.size).sum))

  /** The paths of both. */
  def union(other: TrieNode): TrieNode =
    new TrieNode(for (ours <- children; theirs <- other.children) yield {
      theirs.foldLeft(ours) { case (sofar, (segment, child)) =>
        sofar.updated(segment, sofar.get(segment).fold(child)(_.union(child)))
      }
    })

  /** Without what lies below the deepest fork of its largest branch. */
  def trim: TrieNode = children match {
    case Some(nodes) if nodes.nonEmpty =>
      val (segment, largest) = nodes.maxBy(_._2.size)
      if (largest.size == 1) new TrieNode(None)
      else new TrieNode(Some(nodes.updated(segment, largest.trim)))
    case _ => this
  }

  /** The paths; each ends with whether what lies below it was dropped. */
  def paths: Seq[Seq[Any]] = children match {
    case None                         => Seq(Seq(true))
    case Some(nodes) if nodes.isEmpty => Seq(Seq(false))
    case Some(nodes) =>
      for {
        (segment, child) <- nodes.toSeq.sortBy(_._1)(CodePoints.order)
        path <- child.paths
      } yield segment +: path
  }

  /** The model's message. */
  def encode: Array[Byte] = children match {
    case None => new ProtoWriter().number(1, 1).result()
    case Some(nodes) =>
      nodes
        .foldLeft(new ProtoWriter()) { case (sofar, (name, node)) =>
          sofar.element(2, new ProtoWriter().string(1, name).element(2, node.encode).result())
        }
        .result()
  }
}

private[runtime] object TrieNode {

  /** Nothing below. */
  val leaf: TrieNode = new TrieNode(Some(VectorMap.empty))

  /** One child. */
  def of(child: (String, TrieNode)): TrieNode = new TrieNode(Some(VectorMap(child)))

  /** Reads the model's message. */
  def decode(message: ProtoMessage): TrieNode =
    if (message.long(1) != 0) new TrieNode(None)
    else {
      val children = message.entries(2).map { case (name, encoded) =>
        name -> decode(ProtoMessage.decode(encoded))
      }
      new TrieNode(Some(children.to(VectorMap)))
    }
}
