import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.util.construction.PipelineTranslation;

/** A pipeline whose step Identity hands every element on, for the benchmark of the Fn API host. */
public final class Identity {
  /** The function whose worker is measured. */
  static final class HandOn extends DoFn<byte[], byte[]> {
    @ProcessElement
    public void process(@Element byte[] element, OutputReceiver<byte[]> receiver) {
      receiver.output(element);
    }
  }

  /** Writes the pipeline to the file that is named. */
  public static void main(String[] arguments) throws IOException {
    Pipeline pipeline = Pipeline.create();
    pipeline.apply(Impulse.create()).apply("Identity", ParDo.of(new HandOn()));
    Files.write(Path.of(arguments[0]), PipelineTranslation.toProto(pipeline).toByteArray());
  }
}
