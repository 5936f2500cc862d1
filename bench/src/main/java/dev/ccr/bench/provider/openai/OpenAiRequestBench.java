package dev.ccr.bench.provider.openai;

import dev.ccr.bench.LongConversation;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.ProviderCodec;
import dev.ccr.proxy.provider.openai.ChatProfile;
import dev.ccr.proxy.provider.openai.OpenAiCodec;
import dev.ccr.proxy.route.RequestScan;
import dev.ccr.proxy.testing.RealRequests;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A Claude request to the body of a chat request. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsPrepend = "-Xbatch")
public class OpenAiRequestBench {

  private static final String MODEL = "gpt-4o";
  private static final String LONG = "2-megabytes";

  /**
   * Translations before JMH's own warm-up, which goes by time: compiled code allocates less than
   * code that is not, and on a busy machine the time would be too short. For the same reason the
   * JVM waits for its compiler ({@code -Xbatch}).
   */
  private static final int WARM_UP = 2000;

  /**
   * A question of 1.5 KB, a first turn with the schemas of 25 tools, a conversation with calls and
   * results, and one of 2 MB.
   */
  @Param({"claude-code-1-background", "claude-code-25-tools", "claude-code-tool-session", LONG})
  public String request = "";

  private final ProviderCodec codec = new OpenAiCodec(ChatProfile.plain(), new Random(1));
  private ByteBuf body = Unpooled.EMPTY_BUFFER;
  private RequestFacts facts = new RequestFacts(MODEL, -1, -1, true);

  @Setup
  public void setUp() throws RequestException {
    byte[] bytes = request.equals(LONG) ? LongConversation.bytes() : RealRequests.bytes(request);
    body = ByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
    facts = new RequestScan().scan(body);
    report();
    for (int i = 0; i < WARM_UP; i++) {
      wholeBody();
    }
  }

  @TearDown
  public void tearDown() {
    body.release();
  }

  /** A whole body, from its first byte to the buffer that is written upstream. */
  @Benchmark
  public int wholeBody() throws RequestException {
    ByteBuf upstream = translate();
    int length = upstream.readableBytes();
    upstream.release();
    return length;
  }

  /** The upstream's body, given. */
  private ByteBuf translate() throws RequestException {
    Splices splices = new Splices(body);
    return splices.build(
        codec.open(facts, MODEL, Long.MAX_VALUE).encodeRequest(body, splices),
        ByteBufAllocator.DEFAULT);
  }

  private void report() throws RequestException {
    ByteBuf upstream = translate();
    int length = upstream.readableBytes();
    long spliced = spliced(upstream);
    upstream.release();
    System.out.printf(
        "%s: %,d bytes become %,d: %,d slices of the request, %,d copied%n",
        request, body.readableBytes(), length, spliced, length - spliced);
  }

  /** How many bytes of a text lie where the request lies. */
  private long spliced(ByteBuf upstream) {
    long spliced = 0;
    if (upstream instanceof CompositeByteBuf whole) {
      for (int i = 0; i < whole.numComponents(); i++) {
        ByteBuf part = whole.component(i);
        long offset = part.memoryAddress() - body.memoryAddress();
        spliced += offset >= 0 && offset < body.capacity() ? part.readableBytes() : 0;
      }
    }
    return spliced;
  }
}
