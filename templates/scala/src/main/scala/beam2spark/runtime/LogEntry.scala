package beam2spark.runtime

/** What a user's function has logged: `importance` is one of Beam's message importances in lower
  * case (error, warning, basic, detailed, debug); `text` begins with the transform where one is
  * known.
  */
final case class LogEntry(importance: String, text: String)
