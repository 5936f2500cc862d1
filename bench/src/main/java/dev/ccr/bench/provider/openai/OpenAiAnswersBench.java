package dev.ccr.bench.provider.openai;

import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.model.UpstreamException;
import dev.ccr.proxy.provider.ProviderCodec;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.provider.openai.ChatProfile;
import dev.ccr.proxy.provider.openai.OpenAiCodec;
import dev.ccr.proxy.testing.Fixture;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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

/** Whole streams of other kinds than text, in one buffer each, from their first byte to the end. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsPrepend = "-Xbatch")
public class OpenAiAnswersBench {

  private static final int WARM_UP = 2_000;

  /** Arguments of one call and of many, reasoning in one field and in two. */
  @Param({"large-arguments", "twenty-parallel-tools", "long-thinking", "openrouter-claude-reasoning"})
  public String fixture = "";

  private final ProviderCodec codec = new OpenAiCodec(ChatProfile.plain(), new Random(1));
  private final ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(1 << 20);
  private ByteBuf body = Unpooled.EMPTY_BUFFER;

  @Setup
  public void setUp() throws MalformedStreamException, UpstreamException {
    byte[] bytes = new Fixture("openai", fixture).bytes("upstream.sse");
    body = ByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
    for (int i = 0; i < WARM_UP; i++) {
      wholeStream();
    }
  }

  @TearDown
  public void tearDown() {
    body.release();
    out.release();
  }

  @Benchmark
  public int wholeStream() throws MalformedStreamException, UpstreamException {
    out.clear();
    StreamTranscoder transcoder =
        codec.open(new RequestFacts("gpt-4o", -1, -1, true), "gpt-4o", Long.MAX_VALUE)
            .openAnswer(true);
    transcoder.transcode(body.readerIndex(0), out);
    transcoder.end(true, out);
    transcoder.close();
    return out.readableBytes();
  }
}
