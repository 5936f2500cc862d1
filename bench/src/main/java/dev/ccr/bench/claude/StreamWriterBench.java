package dev.ccr.bench.claude;

import dev.ccr.proxy.claude.ClaudeStreamWriter;
import dev.ccr.proxy.json.Chars;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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

/** Writing one delta of an open text block. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StreamWriterBench {

  /** A token's text, one that is escaped, and what a provider sends that does not send tokens. */
  @Param({" word", "\n\t\"é世\"", "long"})
  public String text = "";

  private final ClaudeStreamWriter writer = new ClaudeStreamWriter();
  private final ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer(1 << 16);
  private final Chars chars = new Chars();

  @Setup
  public void setUp() {
    chars.append(text.equals("long") ? "some words ".repeat(200) : text);
    writer.into(out);
    writer.start("msg_1", "model");
  }

  @TearDown
  public void tearDown() {
    out.release();
  }

  @Benchmark
  public int textDelta() {
    out.clear();
    writer.text(chars);
    return out.readableBytes();
  }
}
