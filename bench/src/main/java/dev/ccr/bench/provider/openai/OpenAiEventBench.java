package dev.ccr.bench.provider.openai;

import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.model.UpstreamException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

/**
 * One event of a stream that goes on, of other kinds than text alone: those of fixtures, each with
 * a word. {@link OpenAiStreamBench} has the events of text.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OpenAiEventBench {

  private static final int EVENTS = 480;

  /** Bytes in a chunk: one packet's worth. */
  private static final int CHUNK_BYTES = 1400;

  /** As JSON has them; the last is an escape in a call's arguments too. */
  private static final String[] WORDS = {" The", " quick", " brown", " fox", " jumps", "\\\\n"};

  /**
   * A piece of a call's arguments; one of the model's reasoning; and one of text with the figures
   * so far, which some servers send in each event.
   */
  @Param({"tool-argument", "reasoning", "usage"})
  public String kind = "";

  private final ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(1 << 20);
  private final StreamTranscoder endless =
      new OpenAiCodec(ChatProfile.plain(), new Random(1))
          .open(new RequestFacts("gpt-4o", -1, -1, true), "gpt-4o", Long.MAX_VALUE)
          .openAnswer(true);
  private List<ByteBuf> chunks = List.of();

  /** Opens a stream, and cuts what follows into chunks. */
  @Setup
  public void setUp() throws MalformedStreamException, UpstreamException {
    switch (kind) {
      case "tool-argument" -> setUp("parallel-tools", 2, "arguments");
      case "reasoning" -> setUp("profile-deepseek", 1, "reasoning_content");
      case "usage" -> setUp("profile-vllm", 0, "content");
      default -> throw new IllegalArgumentException(kind);
    }
  }

  @TearDown
  public void tearDown() {
    chunks.forEach(ByteBuf::release);
    out.release();
  }

  /** One event. Budget: 0 B/op. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int event() throws MalformedStreamException, UpstreamException {
    out.clear();
    for (ByteBuf chunk : chunks) {
      endless.transcode(chunk.readerIndex(0), out);
    }
    return out.readableBytes();
  }

  /**
   * @param last the event that is repeated, counted from 0; it ends the beginning of the stream too
   * @param field has a word of its own in each event
   */
  private void setUp(String fixture, int last, String field)
      throws MalformedStreamException, UpstreamException {
    String body =
        new String(new Fixture("openai", fixture).bytes("upstream.sse"), StandardCharsets.UTF_8);
    List<String> events = List.of(body.split("(?<=\n\n)"));
    Matcher event =
        Pattern.compile("(?<=\"" + field + "\":\")(\\\\.|[^\"\\\\])*").matcher(events.get(last));
    StringBuilder more = new StringBuilder();
    for (int i = 0; i < EVENTS; i++) {
      more.append(event.replaceFirst(Matcher.quoteReplacement(WORDS[i % WORDS.length])));
    }
    for (ByteBuf first : Chunks.of(String.join("", events.subList(0, last + 1)), CHUNK_BYTES)) {
      endless.transcode(first, out);
      first.release();
    }
    chunks = Chunks.of(more.toString(), CHUNK_BYTES);
  }
}
