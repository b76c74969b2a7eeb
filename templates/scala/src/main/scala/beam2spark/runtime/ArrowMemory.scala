package beam2spark.runtime

import org.apache.arrow.memory.{BufferAllocator, RootAllocator}

/** The memory outside of Java's heap that this process has rows in. */
private[runtime] object ArrowMemory {
  private lazy val root = new RootAllocator(Long.MaxValue)

  /** An allocator; closing it fails where something was not let go of. */
  def open(name: String): BufferAllocator = root.newChildAllocator(name, 0, Long.MaxValue)

  /** How many bytes are taken now. */
  def allocatedBytes: Long = root.getAllocatedMemory
}
