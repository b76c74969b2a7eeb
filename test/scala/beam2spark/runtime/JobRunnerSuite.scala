package beam2spark.runtime

import java.io.{ByteArrayOutputStream, PrintStream}
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}

import scala.concurrent.duration._

import org.apache.spark.sql.SparkSession

/** Jobs as programs: what is said, and the exit code. */
class JobRunnerSuite extends munit.FunSuite {

  // A busy machine is slow to start Spark.
  override def munitTimeout: Duration = 3.minutes

  private val project = FunFixture[Path](
    setup = { _ =>
      val folder = Files.createTempDirectory("project-")
      Files.writeString(folder.resolve("plan.json"), """{"nodes": [{"number": 1, "id": "p1"}]}""")
    },
    teardown = { plan =>
      Files.delete(plan)
      Files.delete(plan.getParent)
    }
  )

  /** The exit code of a job on the session of the suites, and what it has said. */
  private def run(arguments: String*)(work: JobContext => Unit): (Int, String) = {
    SparkSession.setActiveSession(LocalSpark.session)
    val job: EmittedJob = context => work(context)
    val said = new ByteArrayOutputStream
    val before = System.err
    System.setErr(new PrintStream(said, true, UTF_8))
    try (JobRunner.run(job, arguments), said.toString(UTF_8))
    finally System.setErr(before)
  }

  project.test("a job that is done ends with 0, and its session stays") { plan =>
    var count = 0L
    val (code, _) = run("--project", plan.getParent.toString) { job =>
      count = job.spark.range(3).count()
    }
    assertEquals((code, count), (0, 3L))
    assert(!LocalSpark.session.sparkContext.isStopped)
  }

  project.test("a job that fails ends with 1, once it has said why") { plan =>
    for (
      error <- Seq(
        RuntimeFailure("runtime/of-ours", "no", transform = Some("Do")),
        new ArithmeticException("no"),
        new NoClassDefFoundError("no"),
        new StackOverflowError("no")
      )
    ) {
      val (code, said) = run("--project", plan.getParent.toString)(_ => throw error)
      assertEquals(code, 1, error)
      val known = error.isInstanceOf[RuntimeFailure]
      assert(said.startsWith(s"error runtime/${if (known) "of-ours" else "job-failed"}"), said)
      assertEquals(said.contains("  at   Do"), known)
    }
  }

  project.test("what is refused ends with 2 before the job is built") { plan =>
    val folder = plan.getParent.toString
    val refused = Seq(
      Seq("--project", s"$folder/none") -> "runtime/project-missing",
      Seq("--project", folder, "--none") -> "runtime/unknown-argument",
      Seq("--project", folder, "--bundle-bytes", "many") -> "runtime/bad-argument"
    )
    for ((arguments, problem) <- refused) {
      val (code, said) = run(arguments: _*)(_ => fail("it was built"))
      assertEquals(code, 2, problem)
      assert(said.startsWith(s"error $problem\n"), said)
    }
  }

  test("help is no failure") {
    assertEquals(run("--help")(_ => fail("it was built")), (0, ""))
  }
}
