package beam2spark.runtime

/** The stage that a task runs (OpenStage of proto/beam2spark/link.proto). */
private[runtime] final case class OpenStage(
    descriptor: Array[Byte] = Array.emptyByteArray,
    stage: String = "",
    options: String = "",
    bundleBytes: Long = 0,
    job: String = "",
    artifacts: String = "",
    python: String = "",
    pythonPath: Seq[String] = Nil,
    workers: String = "",
    stateMemoryBytes: Long = 0,
    storedGroupBytes: Long = 0,
    sideInputs: Seq[String] = Nil,
    workerSilenceSeconds: Long = 0,
    workerStartSeconds: Long = 0
) {
  def encode(): Array[Byte] = new ProtoWriter()
    .bytes(1, descriptor)
    .string(2, stage)
    .string(3, options)
    .number(4, bundleBytes)
    .string(5, job)
    .string(6, artifacts)
    .string(7, python)
    .strings(8, pythonPath)
    .string(9, workers)
    .number(10, stateMemoryBytes)
    .number(11, storedGroupBytes)
    .strings(12, sideInputs)
    .number(13, workerSilenceSeconds)
    .number(14, workerStartSeconds)
    .result()
}

/** What a task answers where the host wants a side input. */
private[runtime] sealed trait SideInputContent

/** The rows themselves, as an Arrow stream. */
private[runtime] final case class SideInputStream(bytes: Array[Byte]) extends SideInputContent

/** Where the rows lie (SideInputFiles of link.proto). */
private[runtime] final case class SideInputFiles(
    paths: Seq[String],
    buckets: Seq[Int],
    bucketCount: Int
) extends SideInputContent {
  def encode(): Array[Byte] =
    new ProtoWriter().strings(1, paths).numbers(2, buckets).number(3, bucketCount.toLong).result()
}

/** What a function has logged (LogMessage of link.proto). */
private[runtime] final case class LogMessage(importance: String, text: String, transform: String)

/** The host's messages, decoded. */
private[runtime] object LinkMessages {

  /** The index of a SideInputWanted. */
  def decodeWanted(content: Array[Byte]): Int = ProtoMessage.decode(content).long(1).toInt

  /** A LogMessage. */
  def decodeLog(content: Array[Byte]): LogMessage = {
    val message = ProtoMessage.decode(content)
    LogMessage(message.text(1), message.text(2), message.text(3))
  }

  /** The MonitoringInfos of a StageDone. */
  def decodeDone(content: Array[Byte]): Seq[Array[Byte]] = ProtoMessage.decode(content).allBytes(1)

  /** A StageFailed as the failure that it tells of. */
  def decodeFailed(content: Array[Byte]): RuntimeFailure = {
    val message = ProtoMessage.decode(content)
    val find = (field: Int) => Some(message.text(field)).filter(_.nonEmpty)
    RuntimeFailure(
      find(1).getOrElse("runtime/user-function-failed"),
      message.text(2),
      transform = find(3),
      hint = find(4),
      trace = find(5)
    )
  }
}
