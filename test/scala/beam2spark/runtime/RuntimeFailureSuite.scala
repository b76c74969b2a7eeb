package beam2spark.runtime

import java.io.{ByteArrayInputStream, ByteArrayOutputStream, ObjectInputStream, ObjectOutputStream}

/** What a failure says, and that it travels. */
class RuntimeFailureSuite extends munit.FunSuite {
  private val failure = RuntimeFailure(
    "runtime/user-function-failed",
    "ValueError:\n  no",
    transform = Some("Do"),
    hint = Some("none"),
    trace = Some("Traceback\n  line\n")
  ).withLog(Seq(LogEntry("basic", "a \"word\"")))

  test("the text has all parts, on lines of a fixed shape") {
    assertEquals(
      failure.getMessage,
      """error runtime/user-function-failed
        |  at   Do
        |  why  ValueError: no
        |  hint none
        |  log  {"importance":"basic","text":"a \"word\""}
        |Traceback
        |  line""".stripMargin
    )
  }

  test("it travels as it is") {
    val bytes = new ByteArrayOutputStream
    new ObjectOutputStream(bytes).writeObject(failure)
    new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray)).readObject() match {
      case read: RuntimeFailure =>
        assertEquals(read.getMessage, failure.getMessage)
        assertEquals(read.log, failure.log)
        assertEquals(ErrorDescription.of(read), ErrorDescription.of(failure))
      case other => fail(s"$other")
    }
  }

  test("a long text keeps its ends, and what can't be encoded is left out") {
    val long = RuntimeFailure("runtime/x", "a" * 5000 + "b" * 5000).reason
    assert(long.startsWith("aaa") && long.endsWith("bbb") && long.length < 4100)
    assertEquals(RuntimeFailure.makeSendable(s"a${0xd800.toChar}b", 10), "a?b")
  }
}
