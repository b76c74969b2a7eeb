package beam2spark.runtime

/** The options of a run, given as arguments of the job or as `spark.beam2spark.*` settings. Sizes
  * are in bytes.
  *
  * @param tempLocation
  *   a folder that the driver and every executor can reach
  * @param parallelism
  *   how many tasks work is spread over where the plan spreads it
  * @param bundleBytes
  *   how much input a Beam bundle takes at most
  * @param maxSideInputBytes
  *   how large a side input may be that is sent to every executor
  * @param maxStoredGroupBytes
  *   how large a group may be that is stored as one value
  * @param stateMemoryBytes
  *   how much of one key's state stays in memory
  * @param host
  *   where Fn API hosts listen already, with commas between
  * @param hosts
  *   how many Fn API hosts an executor has
  * @param workers
  *   how workers of SDKs start
  * @param workerSilenceSeconds
  *   how long a worker may answer nothing before it is taken for hung
  * @param workerStartSeconds
  *   how long a worker may take to start, with all that is fetched and installed for it
  * @param node
  *   the Node.js that the Fn API host runs with
  * @param hostBind
  *   where a Fn API host listens for workers
  * @param hostAdvertise
  *   the name under which workers on other machines reach it
  * @param python
  *   the Python that workers of Python pipelines run with
  */
final case class RuntimeOptions(
    tempLocation: Option[String] = None,
    parallelism: Option[Int] = None,
    bundleBytes: Long = 256L << 20,
    maxSideInputBytes: Long = 64L << 20,
    maxStoredGroupBytes: Long = 128L << 20,
    stateMemoryBytes: Long = 64L << 20,
    host: Option[String] = None,
    hosts: Option[Int] = None,
    workers: String = "auto",
    workerSilenceSeconds: Int = 60,
    workerStartSeconds: Int = 300,
    node: Option[String] = None,
    hostBind: Option[String] = None,
    hostAdvertise: Option[String] = None,
    python: Option[String] = None
)
