package dev.ccr.bench.line;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ccr.proxy.faults.EmbeddedLine;
import dev.ccr.proxy.testing.RealRequests;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Exchanges through all handlers of both sides, without sockets, one after the other on connections
 * that live on. What embedded channels allocate themselves is in the figures.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsPrepend = {"-Xbatch", "-XX:+UseSerialGC"})
public class LineBench {

  private static final int WARM_UP = 2_000;
  private static final int EVENTS = 200;

  /** Events of one write of the upstream's, which makes a chunk of them. */
  private static final int TOGETHER = 8;

  private static final String END =
      """
      data: {"id":"chatcmpl-BfYk2v7XcE8wTq1m","choices":[{"index":0,"delta":{},\
      "finish_reason":"stop"}]}

      data: [DONE]

      """;

  private static final String MESSAGE =
      """
      {"id":"chatcmpl-BfYk2v7XcE8wTq1m","object":"chat.completion","created":1764028800,\
      "model":"gpt-4o-2024-08-06","choices":[{"index":0,"message":{"role":"assistant",\
      "content":"A short answer."},"finish_reason":"stop"}],"usage":{"prompt_tokens":250,\
      "completion_tokens":5,"total_tokens":255}}""";

  private final EmbeddedLine line = new EmbeddedLine();
  private byte[] small = {};
  private byte[] whole = {};
  private byte[] streamed = {};
  private byte[] message = {};
  private byte[][] reads = {};

  /** Makes what is sent, and lets the compiler see it: compiled code allocates less. */
  @Setup
  public void setUp() {
    small = request(question("").getBytes(UTF_8));
    streamed = request(question("\"stream\":true,").getBytes(UTF_8));
    whole = request(RealRequests.bytes("claude-code-25-tools"));
    message =
        """
        HTTP/1.1 200 OK\r
        content-type: application/json\r
        content-length: %d\r
        \r
        %s"""
            .formatted(MESSAGE.length(), MESSAGE)
            .getBytes(UTF_8);
    reads = reads();
    for (int i = 0; i < WARM_UP; i++) {
      smallRequest();
      stream();
      claudeCodeRequest();
    }
  }

  @TearDown
  public void tearDown() {
    line.close();
  }

  /** 1 KB in, a short message out. */
  @Benchmark
  public int smallRequest() {
    return line.relay(buffer(small), buffer(message));
  }

  /** A short request, and 200 events, 8 a read. */
  @Benchmark
  public int stream() {
    return line.relay(buffer(streamed), Arrays.stream(reads).map(LineBench::buffer).toArray(ByteBuf[]::new));
  }

  /** Claude Code's first request with 25 tools, and the same stream. */
  @Benchmark
  public int claudeCodeRequest() {
    return line.relay(buffer(whole), Arrays.stream(reads).map(LineBench::buffer).toArray(ByteBuf[]::new));
  }


  private static String question(String more) {
    return """
        {"model":"openai,m","max_tokens":64,%s"messages":[{"role":"user","content":"%s"}]}"""
        .formatted(more, "x".repeat(900));
  }

  private static String event(int number) {
    return """
        data: {"id":"chatcmpl-BfYk2v7XcE8wTq1m","object":"chat.completion.chunk",\
        "created":1764028800,"model":"gpt-4o-2024-08-06","service_tier":"default",\
        "system_fingerprint":"fp_07871e2ad8","choices":[{"index":0,"delta":\
        {"content":" word%04d"},"logprobs":null,"finish_reason":null}],"obfuscation":"xxxxx"}

        """
        .formatted(number);
  }

  private static byte[][] reads() {
    byte[][] reads = new byte[EVENTS / TOGETHER + 1][];
    for (int i = 0; i < EVENTS / TOGETHER; i++) {
      StringBuilder events = new StringBuilder();
      for (int k = 0; k < TOGETHER; k++) {
        events.append(event(i * TOGETHER + k));
      }
      String head =
          i > 0
              ? ""
              : """
                  HTTP/1.1 200 OK\r
                  content-type: text/event-stream\r
                  transfer-encoding: chunked\r
                  \r
                  """;
      reads[i] = (head + chunk(events.toString())).getBytes(UTF_8);
    }
    reads[EVENTS / TOGETHER] = (chunk(END) + "0\r\n\r\n").getBytes(UTF_8);
    return reads;
  }

  private static String chunk(String content) {
    return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
  }

  private static byte[] request(byte[] body) {
    byte[] head =
        """
        POST /v1/messages HTTP/1.1\r
        host: localhost\r
        content-type: application/json\r
        content-length: %d\r
        \r
        """
            .formatted(body.length)
            .getBytes(UTF_8);
    byte[] request = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    return request;
  }

  private static ByteBuf buffer(byte[] bytes) {
    return ByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
  }
}
