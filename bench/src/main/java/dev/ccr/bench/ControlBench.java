package dev.ccr.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The control: fixed work that has nothing of the proxy in it, so that its time moves with the
 * machine and never with our code. Like the hot path it looks for the ends of lines byte by byte
 * and copies what is before them, escaping some; it allocates nothing. Times of other benches are
 * judged as multiples of it, see {@link ControlProfiler}: whoever changes it changes all of those
 * budgets. Not for several threads at once.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ControlBench {

  /** Of what one call reads. */
  static final int KILOBYTES = 16;

  private static final int BYTES = KILOBYTES << 10;

  /** Bytes of a line on average: those of a short event. */
  private static final int LINE = 200;

  /** One byte of so many is escaped, on average. */
  private static final int ESCAPED = 100;

  private static final String ESCAPES = "\"\\\t";

  private final byte[] in = text();
  private final byte[] out = new byte[2 * BYTES];

  /**
   * Reads one kilobyte of sixteen, the same each time.
   *
   * @return how many bytes all sixteen have become
   */
  @Benchmark
  @OperationsPerInvocation(KILOBYTES)
  public int kilobyte() {
    int written = 0;
    int start = 0;
    while (start < BYTES) {
      int end = start;
      while (end < BYTES && in[end] != '\n') {
        end++;
      }
      written = copy(start, end, written);
      start = end + 1;
    }
    return written;
  }

  private int copy(int start, int end, int written) {
    int to = written;
    for (int i = start; i < end; i++) {
      byte b = in[i];
      if (b == '"' || b == '\\') {
        out[to++] = '\\';
        out[to++] = b;
      } else if (b < ' ') {
        out[to++] = '\\';
        out[to++] = 't';
      } else {
        out[to++] = b;
      }
    }
    return to;
  }

  /** Letters, with ends of lines and what is escaped among them: the same in every JVM. */
  private static byte[] text() {
    Random random = new Random(1);
    byte[] text = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      if (random.nextInt(LINE) == 0) {
        text[i] = '\n';
      } else if (random.nextInt(ESCAPED) == 0) {
        text[i] = (byte) ESCAPES.charAt(random.nextInt(ESCAPES.length()));
      } else {
        text[i] = (byte) ('a' + random.nextInt('z' - 'a' + 1));
      }
    }
    return text;
  }
}
