package dev.ccr.bench.soak;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What clients ask of the router, and what is right. Answers are compared to the first one of their
 * kind, ids of requests and messages excepted. Any thread may call it.
 */
final class Load implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LEAVING_BYTES = 600;
  private static final int SLOW_READS = 40;
  private static final long SLOW_READ_MILLIS = 50;

  /** Ids that differ from answer to answer. */
  private static final Pattern IDS = Pattern.compile("\"(msg|toolu|req|chatcmpl)[_-][\\w-]+\"");

  /** What a kind of request is to come to. */
  enum Kind {
    /** The same bytes as the first time. */
    SAME,
    /** A stream that ends with an error event, or a 502 before it has begun. */
    CUT,
    /** The client leaves after some bytes. */
    LEAVE,
    /** The client reads slowly, and leaves. */
    SLOW
  }

  /**
   * A kind of request.
   *
   * @param share how often it comes, in parts of the whole
   * @param status of the answer
   */
  record Case(String path, String model, boolean stream, Kind kind, int status, int share) {

    /** Whether nothing but the router and the mock take time. */
    boolean isQuick() {
      return (kind == Kind.SAME || kind == Kind.CUT) && !model.endsWith("paced");
    }

    String body() {
      return "{\"model\":\"" + model + "\",\"max_tokens\":64,\"stream\":" + stream
          + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}],\"tools\":[{\"name\":"
          + "\"get_weather\",\"description\":\"The weather.\",\"input_schema\":{"
          + "\"type\":\"object\","
          + "\"properties\":{\"city\":{\"type\":\"string\"}}}}]}";
    }

    @Override
    public String toString() {
      return model + (stream ? " stream" : "") + (path.endsWith("count_tokens") ? " count" : "")
          + (kind == Kind.SAME || kind == Kind.CUT ? "" : " " + kind);
    }
  }

  private static final String MESSAGES = "/v1/messages";

  /** What a client that forgets its connection asks for. */
  static final Case ENDLESS = new Case(MESSAGES, "openai,endless", true, Kind.SLOW, 200, 2);

  static final List<Case> CASES =
      List.of(
          same("openai,hello", true, 200, 12),
          same("openai,hello", false, 200, 6),
          same("openai,thinking", true, 200, 6),
          same("openai,tool", true, 200, 6),
          same("openai,parallel-tools", true, 200, 6),
          same("openai,parallel-tools", false, 200, 3),
          same("openai,paced", true, 200, 4),
          same("openai,length", true, 200, 2),
          same("anthropic,hello", true, 200, 10),
          same("anthropic,hello", false, 200, 4),
          same("anthropic,thinking", true, 200, 4),
          same("anthropic,parallel-tools", true, 200, 4),
          new Case(MESSAGES + "/count_tokens", "openai,hello", false, Kind.SAME, 200, 6),
          same("openai,error-429", true, 429, 2),
          same("openai,error-500", true, 500, 2),
          same("anthropic,error-529", true, 529, 2),
          same("openai,error-in-200", true, 502, 2),
          same("openai,error-midstream", true, 200, 2),
          same("anthropic,error-midstream", true, 200, 2),
          same("openai,html", true, 502, 1),
          new Case(MESSAGES, "openai,cut", true, Kind.CUT, 200, 3),
          new Case(MESSAGES, "anthropic,cut", true, Kind.CUT, 200, 3),
          new Case(MESSAGES, "openai,slow", true, Kind.LEAVE, 200, 3),
          new Case(MESSAGES, "anthropic,endless", true, Kind.LEAVE, 200, 3),
          ENDLESS);

  private final int port;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile HttpClient client = newClient();

  private HttpClient newClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .executor(threads)
        .connectTimeout(PATIENCE)
        .build();
  }

  Load(int port) {
    this.port = port;
  }

  private static Case same(String model, boolean stream, int status, int share) {
    return new Case(MESSAGES, model, stream, Kind.SAME, status, share);
  }

  /** Gives what an answer said, without its ids, or of a client that has left, nothing. */
  String ask(Case asked) throws IOException, InterruptedException {
    return switch (asked.kind) {
      case SAME, CUT -> whole(asked);
      case LEAVE -> leave(asked);
      case SLOW -> readSlowly(asked);
    };
  }

  /**
   * What is wrong with an answer, or an empty text.
   *
   * @param first the first answer of the case
   */
  static String judge(Case asked, String first, String answer) {
    if (asked.kind == Kind.CUT) {
      boolean error = answer.startsWith("502 ") || answer.contains("\nevent: error\n");
      return error && !answer.contains("message_stop") ? "" : "a cut stream: " + answer;
    }
    if (!answer.startsWith(asked.status + " ") && asked.kind == Kind.SAME) {
      return "status (expected: " + asked.status + "): " + answer;
    }
    return answer.equals(first) ? "" : "another answer than the first: " + answer;
  }

  private String whole(Case asked) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + asked.path))
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(asked.body()))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    String body = IDS.matcher(response.body()).replaceAll("\"$1...\"");
    if (asked.path.endsWith("count_tokens")) { // an estimate if exact counting takes too long
      body = body.replaceFirst("^\\{\"input_tokens\":\\d+}$", "counted");
    }
    return response.statusCode() + " " + body;
  }

  private String leave(Case asked) throws IOException {
    try (Socket socket = open(asked)) {
      int left = LEAVING_BYTES;
      byte[] buffer = new byte[256];
      for (int count; left > 0 && (count = socket.getInputStream().read(buffer)) >= 0; ) {
        left -= count;
      }
      return left > 0 ? "the stream ended" : "";
    }
  }

  private String readSlowly(Case asked) throws IOException, InterruptedException {
    try (Socket socket = open(asked)) {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[2_048];
      for (int i = 0; i < SLOW_READS; i++) {
        if (in.read(buffer) < 0) {
          return "the stream ended";
        }
        TimeUnit.MILLISECONDS.sleep(SLOW_READ_MILLIS); // this is what the client is like
      }
      return "";
    }
  }

  /** A connection with a request on it, of whose answer nothing has been read; given. */
  Socket open(Case asked) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setReceiveBufferSize(16_384);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      String body = asked.body();
      socket.getOutputStream()
          .write(
              ("POST " + asked.path + " HTTP/1.1\r\nhost: 127.0.0.1:" + port
                      + "\r\ncontent-type: application/json\r\ncontent-length: " + body.length()
                      + "\r\n\r\n" + body)
                  .getBytes(StandardCharsets.US_ASCII));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Closes all connections that idle; once the last answers are there. */
  void closeIdle() {
    HttpClient old = client;
    client = newClient();
    old.close();
  }

  @Override
  public void close() {
    client.close();
    threads.close();
  }
}
