package beam2spark.runtime

import org.apache.spark.{SparkContext, SparkStageInfo}

/** What Spark says of the tasks that run for a job. */
object SparkTasks {

  private val PollMillis = 50L

  /** How many tasks of a job group's stages are done, and how many there are. */
  def count(context: SparkContext, group: String): (Int, Int) = {
    val stages = listStages(context, context.statusTracker.getJobIdsForGroup(group).toSeq)
    (stages.map(_.numCompletedTasks()).sum, stages.map(_.numTasks()).sum)
  }

  /** Waits until no task of the Spark jobs with a tag runs any more, but not longer than this.
    *
    * Tasks outlive a Spark job that failed or was cancelled, until their workers have noticed.
    */
  def await(context: SparkContext, tag: String, seconds: Double): Unit = {
    val deadline = System.nanoTime() + (seconds * 1e9).toLong
    def isRunning: Boolean = {
      val jobs = context.statusTracker.getJobIdsForTag(tag).toSeq
      listStages(context, jobs).exists(_.numActiveTasks() > 0)
    }
    while (System.nanoTime() < deadline && isRunning) Thread.sleep(PollMillis)
  }

  private def listStages(context: SparkContext, jobs: Seq[Int]): Seq[SparkStageInfo] = {
    val tracker = context.statusTracker
    for {
      job <- jobs
      info <- tracker.getJobInfo(job).toSeq
      number <- info.stageIds().toSeq
      stage <- tracker.getStageInfo(number).toSeq
    } yield stage
  }
}
