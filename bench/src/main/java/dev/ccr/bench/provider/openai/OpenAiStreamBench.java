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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** OpenAI stream bytes to Claude stream bytes, on the golden fixture {@code openai/long-text}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OpenAiStreamBench {

  private static final int DELTAS = 480;

  /** Bytes in a chunk: one packet's worth, or what one read of a fast upstream brings. */
  @Param({"1400", "16384"})
  public int chunkBytes;

  private final ProviderCodec codec = new OpenAiCodec(ChatProfile.plain(), new Random(1));
  private final ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(1 << 20);
  private List<ByteBuf> deltas = List.of();
  private List<ByteBuf> stream = List.of();
  private StreamTranscoder endless = open();

  /** Cuts the fixture into chunks, so that slicing is not measured. */
  @Setup
  public void setUp() throws MalformedStreamException, UpstreamException {
    String body =
        new String(
            new Fixture("openai", "long-text").bytes("upstream.sse"), StandardCharsets.UTF_8);
    List<String> events = List.of(body.split("(?<=\n\n)"));
    stream = Chunks.of(body, chunkBytes);
    deltas = Chunks.of(String.join("", events.subList(1, DELTAS + 1)), chunkBytes);
    endless = open();
    for (ByteBuf first : Chunks.of(events.getFirst(), chunkBytes)) {
      endless.transcode(first, out);
      first.release();
    }
  }

  @TearDown
  public void tearDown() {
    deltas.forEach(ByteBuf::release);
    stream.forEach(ByteBuf::release);
    out.release();
  }

  /** One text delta of a stream that goes on. Budget: 0 B/op in whole buffers. */
  @Benchmark
  @OperationsPerInvocation(DELTAS)
  public int textDelta() throws MalformedStreamException, UpstreamException {
    out.clear();
    for (ByteBuf chunk : deltas) {
      endless.transcode(chunk.readerIndex(0), out);
    }
    return out.readableBytes();
  }

  /** A whole answer of 480 deltas, from the first byte to the end: B/op is what a stream costs. */
  @Benchmark
  public int wholeStream() throws MalformedStreamException, UpstreamException {
    out.clear();
    StreamTranscoder transcoder = open();
    for (ByteBuf chunk : stream) {
      transcoder.transcode(chunk.readerIndex(0), out);
    }
    transcoder.end(true, out);
    transcoder.close();
    return out.readableBytes();
  }

  private StreamTranscoder open() {
    return codec.open(new RequestFacts("gpt-4o", -1, -1, true), "gpt-4o", Long.MAX_VALUE)
        .openAnswer(true);
  }
}
