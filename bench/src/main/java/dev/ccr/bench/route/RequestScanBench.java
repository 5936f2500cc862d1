package dev.ccr.bench.route;

import dev.ccr.bench.LongConversation;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.route.RequestScan;
import dev.ccr.proxy.testing.RealRequests;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The one pass over a request that proves it is JSON and finds what routing has to know. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestScanBench {

  private static final String LONG = "2-megabytes";

  /** 126,557 bytes, 1,452, and 2,091,341 in 200 messages. */
  @Param({"claude-code-25-tools", "claude-code-1-background", LONG})
  public String request = "";

  private final RequestScan scan = new RequestScan();
  private ByteBuf body = Unpooled.EMPTY_BUFFER;

  @Setup
  public void setUp() {
    byte[] bytes =
        request.equals(LONG) ? LongConversation.bytes() : RealRequests.bytes(request);
    body = ByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
  }

  @TearDown
  public void tearDown() {
    body.release();
  }

  /** A whole body. What it allocates does not grow with the body. */
  @Benchmark
  public RequestFacts wholeBody() throws RequestException {
    return scan.scan(body);
  }
}
