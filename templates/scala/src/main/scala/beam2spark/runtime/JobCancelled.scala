package beam2spark.runtime

/** Ends a job that was asked to stop. */
final class JobCancelled extends Exception("the job was cancelled")
