package dev.ccr.bench.sse;

import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.sse.SseScanner;
import dev.ccr.proxy.testing.Fixture;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Finding the data of the events of {@code openai/long-text}, which nobody reads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SseScanBench implements SseScanner.Sink {

  private static final int EVENTS = 484;

  private final SseScanner scanner = new SseScanner(1 << 20);
  private final ByteBuf stream = stream();
  private long bytes;

  private static ByteBuf stream() {
    byte[] body = new Fixture("openai", "long-text").bytes("upstream.sse");
    return ByteBufAllocator.DEFAULT.directBuffer(body.length).writeBytes(body);
  }

  @TearDown
  public void tearDown() {
    stream.release();
  }

  /** One event of a whole stream in one buffer. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long event() throws MalformedStreamException, UpstreamException {
    scanner.scan(stream.readerIndex(0), this);
    return bytes;
  }

  @Override
  public void data(ByteBuf in, int start, int end) {
    bytes += end - start;
  }

  @Override
  public void lineFeed() {
    bytes++;
  }

  @Override
  public void eventEnd() {
    bytes++;
  }
}
