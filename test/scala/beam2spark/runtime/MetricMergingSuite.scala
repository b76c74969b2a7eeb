package beam2spark.runtime

import java.util.HexFormat

import scala.concurrent.duration.Duration

/** Metrics of several tasks become those of the job. The payloads are those of the Python SDK. */
final class MetricMergingSuite extends munit.FunSuite {

  // Spark may have to start first, on a machine that is busy.
  override val munitTimeout: Duration = Duration(5, "min")

  private def bytes(hex: String): Array[Byte] = HexFormat.of.parseHex(hex)

  private def hex(bytes: Array[Byte]): String = HexFormat.of.formatHex(bytes)

  private val cases = Seq(
    (MetricKind.SumInt64, "fbffffffffffffffff01", "03", "feffffffffffffffff01"),
    (MetricKind.SumInt64, "ffffffffffffffff7f", "01", "80808080808080808001"),
    (MetricKind.SumDouble, "3ff8000000000000", "c000000000000000", "bfe0000000000000"),
    (
      MetricKind.DistributionInt64,
      "01050505",
      "02ffffffffffffffffff01fcffffffffffffffff0103",
      "0304fcffffffffffffffff0105"
    ),
    (MetricKind.LatestInt64, "0501", "0402", "0501"),
    (MetricKind.LatestInt64, "0401", "05feffffffffffffffff01", "05feffffffffffffffff01"),
    (MetricKind.LatestInt64, "0401", "0402", "0402"),
    (MetricKind.SetString, "0000000201620161", "0000000201630161", "00000003016101620163"),
    (
      MetricKind.SetString,
      "0000000103efbfbf",
      "000000020004f09f9880",
      "000000030003efbfbf04f09f9880"
    ),
    (MetricKind.BoundedTrie, "0864", "08641a0164", ""),
    (
      MetricKind.Histogram,
      "080412160a14081411000000000000f03f1900000000000000001a140001010100000000000000010000000000000000",
      "080212160a14081411000000000000f03f1900000000000000001a140000000101000000000000000000000000000000",
      "080612160a14081411000000000000f03f1900000000000000001a140001010201000000000000010000000000000000"
    ),
    ("beam:metrics:unknown:v1", "01", "02", "02")
  )

  for (((kind, first, second, both), index) <- cases.zipWithIndex)
    test(s"payloads of $kind are merged as Beam merges them ($index)") {
      val merged = MetricMerging.mergePayloads(kind, bytes(first), bytes(second))
      if (kind == MetricKind.BoundedTrie)
        assertEquals(BoundedTrie.decode(merged).paths, Seq(Seq[Any]("d", false)))
      else assertEquals(hex(merged), both)
    }

  test("tries over their bound are cut, and what is cut is still below a path") {
    def paths(first: String) = (0 until 60).map(index => Seq(first, s"${index % 7}", s"$index"))
    def trie(first: String, bound: Int) =
      paths(first)
        .map(path =>
          BoundedTrie(
            bound,
            Some(path.foldRight(TrieNode.leaf)((name, node) => TrieNode.of(name -> node)))
          )
        )
        .reduce(_ union _)
    val merged = BoundedTrie.decode(trie("a", 30).union(trie("b", 40)).encode)
    assertEquals(merged.bound, 30)
    val kept = merged.paths
    assert(kept.length <= 30 && kept.length > 15, kept)
    for (path <- paths("a") ++ paths("b"))
      assert(kept.exists(found => path.startsWith(found.init)), path)
  }

  private def info(transform: String, name: String, kind: String, payload: String) =
    MonitoringInfo(
      "beam:metric:user:x:v1",
      kind,
      bytes(payload),
      Map("PTRANSFORM" -> transform, "NAMESPACE" -> "n", "NAME" -> name)
    )

  test("there is one info for each metric of each transform, as values and as lines") {
    val infos = Seq(
      info("U", "c", MetricKind.SumInt64, "05"),
      info("T", "d", MetricKind.DistributionInt64, "01050505"),
      info("T", "c", MetricKind.SumInt64, "01"),
      info("T", "c", MetricKind.SumInt64, "02"),
      info("T", "h", MetricKind.Histogram, cases(10)._4),
      info("T", "s", MetricKind.SetString, "0000000201620161")
    ).map(_.encode).map(MonitoringInfo.decode)
    val metrics = Metric.decode(MetricMerging.merge(infos))
    assertEquals(
      metrics.map(m => (m.transform, m.name, m.kind)).take(2),
      Seq(("T", "c", "sum_int64"), ("T", "d", "distribution_int64"))
    )
    assertEquals(metrics.map(_.value).head, 3L)
    assertEquals(
      metrics(1).value,
      Map[String, Any]("count" -> 1L, "sum" -> 5L, "min" -> 5L, "max" -> 5L)
    )
    assertEquals(
      ShownMetrics.describe(metrics).filter(_.matches(".* n\\.[ds] .*")),
      Seq("""T  n.d = {"count":1,"sum":5,"min":5,"max":5}""", """T  n.s = ["a","b"]""")
    )
    assertEquals(metrics.last, Metric("U", "n", "c", "sum_int64", 5L))
    val histogram = metrics(2).value.asInstanceOf[Map[String, Any]]
    assertEquals(histogram("count"), 6L)
    assertEquals(histogram("p50"), Some(3.5))
  }

  test("a repeated task counts once and speaks once") {
    var spoken = Vector.empty[LogEntry]
    val all = TaskReports.open(LocalSpark.session.sparkContext, entries => spoken ++= entries)
    for ((partition, value) <- Seq(0 -> "01", 1 -> "02", 0 -> "01")) {
      val ofTask = all.copyAndReset().asInstanceOf[TaskReports]
      val encoded = info("T", "c", MetricKind.SumInt64, value).encode
      ofTask.report("s01", partition, Seq(encoded), Seq(LogEntry("basic", s"$partition")))
      all.merge(ofTask)
    }
    assertEquals(Metric.decode(all.mergeMetrics()).map(_.value), Seq[Any](3L))
    assertEquals(spoken.map(_.text), Vector("0", "1"))
  }

  test("counters of a stage's tasks are what Spark shows of them") {
    val context = LocalSpark.session.sparkContext
    val reports =
      StageReports(TaskReports.open(context, _ => ()), StageCounters.open(context, "s01"))
    val infos = Seq(
      info("T", "c", MetricKind.SumInt64, "03"),
      info("T", "d", MetricKind.DistributionInt64, "01050505")
    ).map(_.encode)
    context.parallelize(Seq(0, 1), 2).foreach { partition =>
      reports.report("s01", partition, infos, Nil)
    }
    assertEquals(reports.counters.name, Some("metrics of s01"))
    assertEquals(reports.counters.value.toString, "T n.c = 6")
    assertEquals(Metric.decode(reports.reports.mergeMetrics()).map(_.value).head, 6L)
  }
}
