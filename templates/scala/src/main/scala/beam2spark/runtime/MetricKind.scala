package beam2spark.runtime

/** The types of metrics' payloads that are understood here, by their URNs. */
private[runtime] object MetricKind {
  val SumInt64 = "beam:metrics:sum_int64:v1"
  val SumDouble = "beam:metrics:sum_double:v1"
  val DistributionInt64 = "beam:metrics:distribution_int64:v1"
  val DistributionDouble = "beam:metrics:distribution_double:v1"
  val LatestInt64 = "beam:metrics:latest_int64:v1"
  val LatestDouble = "beam:metrics:latest_double:v1"
  val TopInt64 = "beam:metrics:top_n_int64:v1"
  val TopDouble = "beam:metrics:top_n_double:v1"
  val BottomInt64 = "beam:metrics:bottom_n_int64:v1"
  val BottomDouble = "beam:metrics:bottom_n_double:v1"
  val SetString = "beam:metrics:set_string:v1"
  val BoundedTrie = "beam:metrics:bounded_trie:v1"
  val Histogram = "beam:metrics:histogram_int64:v1"
}
