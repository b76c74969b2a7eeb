package beam2spark.runtime

import java.nio.file.Files

import scala.concurrent.duration.Duration

import org.apache.commons.io.FileUtils

/** What a job says of its nodes, and what a project says to a job. */
final class ProgressSuite extends munit.FunSuite {

  // Spark may have to start first, on a machine that is busy.
  override val munitTimeout: Duration = Duration(5, "min")

  private final class Kept extends Events {
    var all = Vector.empty[Map[String, Any]]
    override def send(event: Map[String, Any]): Unit = synchronized(all :+= event)
    def named(name: String): Vector[Map[String, Any]] = all.filter(_("event") == name)
  }

  private val nodes = Seq(PlanNode("a", 3, "My/Step", None, Nil))

  test("a task's failure is reported once, with its node, its log and nothing of Spark's") {
    val events = new Kept
    val progress = new Progress(nodes, Some(events))
    val context = LocalSpark.session.sparkContext
    val error = intercept[Exception](progress.node(3, context) {
      context.parallelize(Seq(1), 1).foreach { _ =>
        val failure =
          RuntimeFailure("runtime/user-function-failed", "E: no", Some("My/Step"), None, Some("t"))
        throw failure.withLog(Seq(LogEntry("error", "said")))
      }
    })
    progress.fail(error)
    assertEquals(
      events.all.map(_("event")).filter(_ != "node-progress"),
      Vector[Any]("node-started", "message", "failed")
    )
    val failed = events.named("failed").head
    assertEquals(failed("node"), Some(3))
    assertEquals(failed("code"), "runtime/user-function-failed")
    assertEquals(failed("message"), "E: no")
    assertEquals(failed("transform"), Some("My/Step"))
    assertEquals(failed("traceback"), Some("t"))
    assertEquals(events.named("message").head("text"), "said")
  }

  test("an error that nobody has foreseen is described by its causes") {
    val cause = new IllegalStateException("inner\nmore")
    val described = ErrorDescription.of(new RuntimeException("outer", cause))
    assertEquals(described.code, "runtime/job-failed")
    assertEquals(
      described.message,
      "java.lang.RuntimeException: outer, caused by java.lang.IllegalStateException: inner"
    )
  }

  test("a job that was asked to stop ends at its next node, and that is no failure") {
    val events = new Kept
    val cancellation = new Cancellation
    val progress = new Progress(nodes, Some(events), cancellation = cancellation)
    intercept[JobCancelled](progress.node(3, LocalSpark.session.sparkContext) {
      cancellation.ask()
      throw new RuntimeException("its Spark job was cancelled")
    })
    intercept[JobCancelled](progress.node(3, LocalSpark.session.sparkContext)(()))
    assertEquals(events.named("failed"), Vector.empty)
  }

  test("a project's folder has its plan, and options in either form") {
    val folder = Files.createTempDirectory("beam2spark-project-")
    try {
      val missing = intercept[RuntimeFailure](Project.find(Some(s"$folder"), getClass))
      assertEquals(missing.code, "runtime/project-missing")
      Files.writeString(folder.resolve("plan.json"), """{"pipeline": {"name": "n"}}""")
      val project = Project.find(Some(s"$folder"), getClass)
      assertEquals((project.pipelineName, project.nodes), (Some("n"), Nil))
      val forms = Seq(
        """{"beam:option:b:v1": "é", "beam:option:a:v1": [1]}""",
        """{"options": {"b": "é", "a": [1]}}"""
      )
      for (form <- forms) {
        Files.writeString(folder.resolve("pipeline_options.json"), form)
        assertEquals(
          project.pipelineOptions,
          "{\"a\":[1],\"b\":\"" + "\\" + "u00E9\"}"
        )
      }
    } finally FileUtils.deleteDirectory(folder.toFile)
  }
}
