package beam2spark.runtime

/** A Beam pipeline as a Spark job; beam2spark writes an object of it for each project. */
trait EmittedJob {

  /** Builds and runs the pipeline on the Spark session of `job`. */
  def build(job: JobContext): Unit

  /** Runs the job as a program. It ends the process with 1 where the job failed and with 2 where it
    * was refused before it started, and returns where it is done: on some clusters a process that
    * is ended from within counts as failed.
    */
  final def main(arguments: Array[String]): Unit = {
    val code = JobRunner.run(this, arguments.toSeq)
    if (code != JobRunner.ExitDone) sys.exit(code)
  }
}
