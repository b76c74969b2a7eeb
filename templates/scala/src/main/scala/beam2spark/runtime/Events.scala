package beam2spark.runtime

/** Takes a job's events, from any thread. */
trait Events {

  /** Takes an event: what it is and what belongs to it, as values that JSON has. */
  def send(event: Map[String, Any]): Unit
}
