package beam2spark.runtime

/** What all stages of a job are run with. It travels to the tasks.
  *
  * @param host
  *   how tasks reach the Fn API host
  * @param pipelineOptions
  *   JSON of the pipeline's options, by their plain names
  * @param bundleBytes
  *   how much input a Beam bundle takes at most
  * @param workers
  *   how workers of SDKs start: auto, process, docker, or the address of a worker pool
  * @param stateMemoryBytes
  *   how much of a task's state stays in memory
  * @param maxStoredGroupBytes
  *   how large a group may be that is stored as one value
  * @param workerSilenceSeconds
  *   how long a worker may answer nothing before it is taken for hung
  * @param workerStartSeconds
  *   how long a worker may take to start
  * @param python
  *   the Python that workers of Python's SDK run with
  * @param pythonPath
  *   folders and archives that they find modules in
  */
final case class StageSettings(
    host: HostSettings,
    pipelineOptions: String,
    bundleBytes: Long,
    workers: String,
    stateMemoryBytes: Long,
    maxStoredGroupBytes: Long,
    workerSilenceSeconds: Long,
    workerStartSeconds: Long,
    python: String,
    pythonPath: Seq[String]
)
