package beam2spark.runtime

import com.fasterxml.jackson.core.StreamWriteFeature
import com.fasterxml.jackson.core.json.JsonWriteFeature
import com.fasterxml.jackson.databind.{JsonNode, ObjectMapper}
import com.fasterxml.jackson.databind.json.JsonMapper
import com.fasterxml.jackson.module.scala.DefaultScalaModule

/** JSON texts: read as trees, written of Scala's maps, sequences, options and plain values. */
private[runtime] object Json {

  // Everything beyond ASCII is escaped: so is half of a surrogate pair, which UTF-8 has no bytes for.
  private val mapper: ObjectMapper = JsonMapper
    .builder()
    .addModule(DefaultScalaModule)
    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
    .build()

  /** Reads a text. Throws Jackson's `JsonProcessingException` where it is no JSON. */
  def read(text: String): JsonNode = mapper.readTree(text)

  /** One line of ASCII. */
  def write(value: Any): String = mapper.writeValueAsString(value)
}
