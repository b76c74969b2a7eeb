import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.ParDo;

/** A pipeline whose step Identity hands every element on, for the benchmark of the Fn API host. */
public final class Identity {
  /** The function whose worker is measured. */
  static final class HandOn extends DoFn<byte[], byte[]> {
    @ProcessElement
    public void process(@Element byte[] element, OutputReceiver<byte[]> receiver) {
      receiver.output(element);
    }
  }

  public static void main(String[] arguments) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(arguments).create());
    pipeline.apply(Impulse.create()).apply("Identity", ParDo.of(new HandOn()));
    pipeline.run().waitUntilFinish();
  }
}
