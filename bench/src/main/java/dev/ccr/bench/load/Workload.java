package dev.ccr.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ccr.proxy.testing.RealRequests;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is measured.
 *
 * @param name as it is chosen and printed; that without a last small letter chooses too
 * @param shape how requests come
 * @param body in Claude's format, without the model, which is put in front
 * @param connections at a time
 * @param rampMillis in which they are opened; 0 if they idle: then it is one after the other
 * @param perEvent whether figures are for an event, not for a request
 * @param tls whether the upstream is asked over TLS
 * @param aim the most that the router may cost, in nginx's; 0 for none
 */
record Workload(
    String name,
    String what,
    Shape shape,
    Answer answer,
    Body body,
    int connections,
    long rampMillis,
    boolean perEvent,
    boolean tls,
    double aim) {

  private static final int CLOSED_CONNECTIONS = 64;

  /** How requests come. */
  enum Shape {
    /** Each connection asks again as soon as it has its answer. */
    CLOSED,
    /** Streams with a rate of their own, all open while it is measured. */
    PACED,
    /** Streams with a rate, and a large request now and then. */
    PAUSE,
    /** Connections that have had an answer, and idle. */
    IDLE
  }

  /** A request's body. */
  enum Body {
    SMALL(1_024, "user"),
    CLAUDE_CODE(0, "claude-code-25-tools"),
    HUGE(2 << 20, "user");

    private final int size;
    private final String name;

    Body(int size, String name) {
      this.size = size;
      this.name = name;
    }

    /** The body for a model. */
    byte[] of(String model, boolean stream) {
      if (size == 0) {
        String real = new String(RealRequests.bytes(name), UTF_8);
        return real.replaceFirst("\"model\":\"[^\"]*\"", "\"model\":\"" + model + "\"")
            .getBytes(UTF_8);
      }
      String begin =
          "{\"model\":\"" + model + "\",\"max_tokens\":1024,\"stream\":" + stream
              + ",\"messages\":[{\"role\":\"user\",\"content\":\"";
      String end = "\"}]}";
      byte[] bytes = new byte[size];
      Arrays.fill(bytes, (byte) 'a');
      for (int i = begin.length() + 5; i < size; i += 6) {
        bytes[i] = ' ';
      }
      System.arraycopy(begin.getBytes(US_ASCII), 0, bytes, 0, begin.length());
      System.arraycopy(end.getBytes(US_ASCII), 0, bytes, size - end.length(), end.length());
      return bytes;
    }
  }

  /** What warms up routers for workloads that have a rate. */
  static final Workload WARM =
      closed("W2", "streams of 200 events", Answer.TEXT200, Body.SMALL, 1.5);

  /** And what then has them compile what comes event by event. */
  static final Workload WARM_PACED = fewPaced(Answer.PACED20);

  /** All of them; if it is to be quick, without the largest, and with shorter streams. */
  static List<Workload> all(boolean quick) {
    Answer twenty = quick ? Answer.PACED20 : Answer.LONG20;
    Answer fifty = quick ? Answer.PACED50 : Answer.LONG50;
    List<Workload> all =
        List.of(
            closed("W1", "1 KB in, short JSON out", Answer.SHORT, Body.SMALL, 1.6),
            WARM,
            closed("W3", "Claude Code's request, 50 events", Answer.TEXT50, Body.CLAUDE_CODE, 2.5),
            fewPaced(twenty),
            paced("W4b", "2,000 streams x 20/s", twenty, 2_000, 1_000, 1.25),
            paced("W4c", "9,000 streams x 4/s", Answer.PACED4, 9_000, 9_000, 1.25),
            closed("W6", "four calls at a time", Answer.TOOLS200, Body.SMALL, 1.7),
            new Workload("W7", "10,000 idle connections", Shape.IDLE, Answer.SHORT, Body.SMALL,
                10_000, 0, false, false, 0),
            new Workload("W8", "W2, TLS to the upstream", Shape.CLOSED, Answer.TEXT200, Body.SMALL,
                CLOSED_CONNECTIONS, 100, true, true, 0),
            new Workload("W9", "64 streams x 50/s, 2 MB beside", Shape.PAUSE, fifty, Body.SMALL,
                64, 500, true, false, 0));
    return quick ? all.stream().filter(each -> !each.name.equals("W4c")).toList() : all;
  }

  private static Workload closed(String name, String what, Answer answer, Body body, double aim) {
    boolean perEvent = answer.isStream() && body == Body.SMALL;
    return new Workload(
        name, what, Shape.CLOSED, answer, body, CLOSED_CONNECTIONS, 100, perEvent, false, aim);
  }

  private static Workload paced(
      String name, String what, Answer answer, int streams, long ramp, double aim) {
    return new Workload(
        name, what, Shape.PACED, answer, Body.SMALL, streams, ramp, true, false, aim);
  }

  private static Workload fewPaced(Answer answer) {
    return paced("W4a", "200 streams x 20/s", answer, 200, 500, 1.25);
  }

  long rampNanos() {
    return TimeUnit.MILLISECONDS.toNanos(rampMillis);
  }

  /** The provider of the router's that asks for this answer. */
  static String provider(Answer answer, boolean tls) {
    return (tls ? "tls-" : "") + answer.path();
  }

  /** Events a second of all streams; 0 if they have no rate. */
  double rate() {
    return (double) connections * answer.rate;
  }

  /** Requests or events that a body of this length is, of a whole one's. */
  double units(long bytes, int whole) {
    return (double) bytes / whole * (perEvent ? answer.deltas : 1);
  }
}
