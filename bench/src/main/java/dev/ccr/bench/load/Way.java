package dev.ccr.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * A way to the upstream. All of them get the same body. Immutable.
 *
 * @param port on 127.0.0.1
 * @param pid the process whose figures are taken
 */
record Way(Name name, int port, long pid) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Which one it is. */
  enum Name {
    ROUTER,
    NGINX,
    /** To the upstream itself: the figures are those of the upstream. */
    DIRECT
  }

  /** A request, head and body. */
  byte[] request(Answer answer, Workload.Body body, boolean tls) {
    byte[] content = body(answer, body, tls);
    String head =
        "POST " + path(answer, tls) + " HTTP/1.1\r\nhost: 127.0.0.1:" + port
            + "\r\nuser-agent: ccr-load\r\naccept: application/json\r\n"
            + "anthropic-version: 2023-06-01\r\ncontent-type: application/json\r\n"
            + "content-length: " + content.length + "\r\n\r\n";
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.getBytes(US_ASCII));
    all.writeBytes(content);
    return all.toByteArray();
  }

  /**
   * What the body of each answer must be. Of the router that is its first one, which is proved to
   * be right; of the others, the upstream's own bytes.
   */
  Template template(Answer answer, boolean tls) throws IOException, InterruptedException {
    if (name != Name.ROUTER) {
      return new Template(answer.body());
    }
    try (HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path(answer, tls)))
                  .timeout(PATIENCE)
                  .header("content-type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofByteArray(
                          body(answer, Workload.Body.SMALL, tls)))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IOException(
            "the router: status " + response.statusCode() + ": "
                + new String(response.body(), US_ASCII));
      }
      ClaudeAnswer.check(response.body(), answer);
      return new Template(response.body());
    }
  }

  private byte[] body(Answer answer, Workload.Body body, boolean tls) {
    return body.of(Workload.provider(answer, tls) + ",any", answer.isStream());
  }

  private String path(Answer answer, boolean tls) {
    return name == Name.ROUTER
        ? "/v1/messages"
        : (tls ? "/tls/" : "/") + answer.path() + "/chat/completions";
  }
}
