package beam2spark.runtime

import scala.collection.BufferedIterator
import scala.util.Using

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.Path
import org.apache.spark.TaskContext
import org.apache.spark.sql.{DataFrame, Encoders, Row}
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.functions.col
import org.apache.spark.sql.types._
import org.apache.spark.util.SerializableConfiguration

/** Stores a side input that is too large to be sent to every executor: tasks write it to files. */
private[runtime] object StoreSideInput {

  // A file has about so many bytes of rows: one that has to be copied to executors is copied whole.
  private val FileBytes = 64L << 20
  private val MostFiles = 1000L

  // Columns that a row has for the time until it is written.
  private val Bucket = "bucket"
  private val Window = "window_bytes"
  private val Hash = "hash"
  private val KeyBytes = "key_bytes"

  /** Writes a DataFrame's rows, of about `size` bytes, to files of a qualified folder.
    *
    * `readers` is what the stages that read it say of it. Nothing but the files' names comes to the
    * driver. Keys that are looked up are spread over the files by their hash and sorted by it;
    * other rows stay in their partitions, sorted by window.
    */
  def store(
      frame: DataFrame,
      size: Long,
      readers: Seq[SideInputDescription],
      folder: String,
      slots: Int
  ): StoredRows = {
    val lookingUp = readers.find(_.isLookedUp)
    val description = lookingUp.getOrElse(readers.head)
    val files =
      math.max(slots.toLong, math.min(MostFiles, (size + FileBytes - 1) / FileBytes)).toInt
    val values = description.valueColumns
    val windows = description.windowColumns
    val rows = frame.select((values ++ windows).map(col): _*)
    val placed =
      if (lookingUp.isDefined) placeKeys(rows, description, files)
      else {
        val fewer = rows.coalesce(files)
        if (windows.isEmpty) fewer else fewer.sortWithinPartitions(windows.map(col): _*)
      }
    val written = write(placed, folder).sorted
    if (lookingUp.isDefined && written.map(_._1).distinct.length < written.length)
      throw RuntimeFailure(
        "runtime/broken-exchange",
        "rows of one file of a side input came to several tasks"
      )
    val (buckets, paths) = written.unzip
    StoredRows(paths, lookingUp.map(_ => buckets), files)
  }

  /** Adds the bucket, window, hash and bytes of each key, and brings rows of a bucket together. */
  private def placeKeys(
      rows: DataFrame,
      description: SideInputDescription,
      files: Int
  ): DataFrame = {
    val stored = Seq(StructField(Hash, LongType), StructField(KeyBytes, BinaryType)) ++
      rows.schema.filter(field => description.valueColumns.contains(field.name))
    val places = Seq(StructField(Bucket, IntegerType), StructField(Window, BinaryType))
    val placed = rows.mapPartitions { part =>
      val keys = description.createKeyEncoder()
      part.map { row =>
        val window = WindowBytes.encode(row.toSeq.drop(2))
        val key = keys.encodeNested(row.get(0))
        val hash = KeyHash.of(window, key)
        val bucket = Math.floorMod(hash, files.toLong).toInt
        Row(hash, key, row.get(0), row.get(1), bucket, window)
      }
    }(Encoders.row(StructType(stored ++ places)))
    placed
      .repartition(files, col(Bucket))
      .sortWithinPartitions(col(Bucket), col(Window), col(Hash), col(KeyBytes))
  }

  /** Writes a file for each bucket of a partition, for all of it where there are none. */
  private def write(placed: DataFrame, folder: String): Seq[(Int, String)] = {
    val schema = placed.schema
    val hadoop = new SerializableConfiguration(placed.sparkSession.sparkContext.hadoopConfiguration)
    Materialisation
      .classicOf(placed)
      .queryExecution
      .toRdd
      .mapPartitions(rows => writePartition(rows.buffered, schema, folder, hadoop.value).iterator)
      .collect()
      .toSeq
  }

  private def writePartition(
      rows: BufferedIterator[InternalRow],
      schema: StructType,
      folder: String,
      hadoop: Configuration
  ): Seq[(Int, String)] = {
    // The name is that of one attempt of one task: what a failed one has left is in nobody's way.
    val task = TaskContext.get()
    val name = s"$folder/rows-${task.partitionId()}-${task.taskAttemptId()}"
    val bucket = schema.fieldNames.indexOf(Bucket)
    def bucketOf(row: InternalRow): Int = if (bucket < 0) 0 else row.getInt(bucket)
    Iterator
      .unfold(rows) { left =>
        Option.when(left.hasNext) {
          val number = bucketOf(left.head)
          val path = s"$name-$number"
          writeFile(left, left => bucketOf(left.head) == number, schema, path, hadoop)
          (number -> path, left)
        }
      }
      .toVector
  }

  private def writeFile(
      rows: BufferedIterator[InternalRow],
      isHere: BufferedIterator[InternalRow] => Boolean,
      schema: StructType,
      name: String,
      hadoop: Configuration
  ): Unit = {
    val isPlaced = schema.fieldNames.contains(Bucket)
    val stored = StructType(schema.filterNot { field =>
      field.name == Bucket || field.name.startsWith("window")
    })
    val windowAt = stored.length + (if (isPlaced) 1 else 0)
    val path = new Path(name)
    Using.Manager { use =>
      val memory = use(ArrowMemory.open("side input"))
      val out = use(path.getFileSystem(hadoop).create(path))
      val writer = use(new SideInputFileWriter(out, stored, memory))
      while (rows.hasNext && isHere(rows)) {
        val row = rows.next()
        val window =
          if (isPlaced) row.getBinary(windowAt)
          else
            WindowBytes.encode(
              (windowAt until schema.length).map(at => row.get(at, schema(at).dataType))
            )
        writer.write(row, window, if (isPlaced) row.getLong(0) else 0L)
      }
      writer.finish()
    }.get
  }
}
