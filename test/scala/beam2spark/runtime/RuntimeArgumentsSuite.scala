package beam2spark.runtime

final class RuntimeArgumentsSuite extends munit.FunSuite {

  private def refused(words: String*): RuntimeFailure =
    intercept[RuntimeFailure](RuntimeArguments.parse(words))

  test("options are given as words or with an equals sign") {
    val read = RuntimeArguments.parse(
      Seq(
        "--temp-location",
        "/a b",
        "--max-side-input-bytes=7",
        "--workers=pool:1=2",
        "--project",
        "p"
      )
    )
    val expected =
      RuntimeOptions(tempLocation = Some("/a b"), maxSideInputBytes = 7, workers = "pool:1=2")
    assertEquals(read, RuntimeArguments(expected, Some("p"), isHelpAsked = false))
    assertEquals(RuntimeArguments.parse(Nil).options, RuntimeOptions())
    assert(RuntimeArguments.parse(Seq("--help")).isHelpAsked)
    assert(RuntimeArguments.help.contains("--worker-silence-seconds"))
    assert(RuntimeArguments.help.contains("--worker-start-seconds"))
  }

  test("what is no option, or has no value, is refused") {
    assertEquals(refused("--nonsense", "1").code, "runtime/unknown-argument")
    assertEquals(refused("words").code, "runtime/unknown-argument")
    assertEquals(refused("--nonsense=1").code, "runtime/unknown-argument")
    assertEquals(refused("--parallelism").code, "runtime/bad-argument")
    for (wrong <- Seq("many", "1.5", "-1", "99999999999"))
      assertEquals(refused("--parallelism", wrong).code, "runtime/bad-argument")
    assertEquals(refused("--bundle-bytes=-1").code, "runtime/bad-argument")
  }

  test("Spark's settings are for what was not given") {
    val settings = Map(
      "spark.beam2spark.tempLocation" -> "/b",
      "spark.beam2spark.parallelism" -> "3",
      "spark.beam2spark.node" -> ""
    )
    val options =
      RuntimeArguments.applySettings(RuntimeOptions(tempLocation = Some("/a")), settings.get)
    assertEquals(options, RuntimeOptions(tempLocation = Some("/a"), parallelism = Some(3)))
    val failure = intercept[RuntimeFailure](
      RuntimeArguments.applySettings(
        RuntimeOptions(),
        Map("spark.beam2spark.parallelism" -> "x").get
      )
    )
    assertEquals(failure.code, "runtime/bad-argument")
  }
}
