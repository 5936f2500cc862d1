package dev.ccr.proxy.faults;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.testing.Grammar;
import dev.ccr.proxy.testing.Router;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A router in front of an upstream with a fault, and streams that run through it meanwhile. */
final class Site implements AutoCloseable {

  /** The model by which the upstream knows that it is to fail. */
  static final String FAULTY = "faulty";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern TYPE =
      Pattern.compile("\\{\"type\":\"error\",\"error\":\\{\"type\":\"([a-z_]+)\"");

  final Place place;
  final Router router;
  private final Steady steady;
  private final Config config;
  private String whole = "";

  Site(Fault fault, Kind kind, Phase phase) throws Exception {
    place = fault.open(kind, phase);
    steady = new Steady();
    config = config();
    router = Router.start(config, place.tls());
    if (place.upstream() != null) {
      whole = router.post(kind.request("sound")).body();
    }
    steady.begin(router);
    steady.begin(router); // on another event loop, if there are several
    // Streams keep the configuration that they began with, and its patience.
    Limits limits = fault.limits(config.limits());
    router.listener().loaded(config.toBuilder().limits(limits).build());
  }

  /** The upstream, which is one that answers. */
  RawUpstream upstream() {
    return Objects.requireNonNull(place.upstream());
  }

  /** Posts a request and says what came of it. */
  String post(Kind kind, String model) throws InterruptedException {
    HttpRequest request =
        router
            .request("/v1/messages")
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofString(kind.request(model)))
            .build();
    try {
      HttpResponse<String> response =
          router.send(request, HttpResponse.BodyHandlers.ofString());
      return outcome(kind, response.statusCode(), response.body());
    } catch (HttpTimeoutException e) {
      return "nothing";
    } catch (IOException e) {
      return "broken";
    }
  }

  /** What an answer is, as a {@link Fault} names it. */
  String outcome(Kind kind, int status, String bytes) {
    String body = kind == Kind.CLAUDE_STREAM ? bytes.replaceAll("(?m)^:.*\n\n", "") : bytes;
    if (status == 200 && body.equals(whole)) {
      return "whole";
    }
    if (status != 200) {
      Matcher type = TYPE.matcher(body);
      return status + " " + (type.lookingAt() ? type.group(1) : body);
    }
    if (!kind.isStream()) {
      return body.endsWith("}") ? "ended" : "not an answer: " + body;
    }
    int last = body.lastIndexOf("event: error\n");
    Matcher type = TYPE.matcher(body);
    if (last >= 0 && type.find(last) && !body.contains("message_stop")) {
      Grammar.check(body);
      return "event " + type.group(1);
    }
    if (body.endsWith("\ndata: {\"type\":\"message_stop\"}\n\n")) {
      Grammar.check(body);
      return "ended";
    }
    return "not an answer: " + body;
  }

  /** Waits until no request is under way but for the streams that run meanwhile. */
  void awaitNothingElse() throws Exception {
    router.awaitMetric("ccr_requests_in_flight", steady.count());
  }

  /**
   * Ends the streams, and checks that all is as it was: nothing is under way, the upstream answers,
   * and no connection is left but what may be used again.
   */
  void checkAfterwards(Kind kind) throws Exception {
    awaitNothingElse();
    router.listener().loaded(config);
    if (place.upstream() != null) {
      for (int i = 0; i < 2; i++) {
        String again = post(kind, "sound");
        if (!again.equals("whole")) {
          throw new AssertionError("afterwards: " + again);
        }
      }
      place.upstream().check();
      place.upstream().awaitConnections(3); // one for each of the client's own
    }
    steady.end();
    router.awaitNothingInFlight();
  }

  @Override
  public void close() throws IOException {
    router.close();
    steady.close();
    place.close();
  }

  private Config config() throws ConfigException {
    String providers =
        "{\"name\": \"%s\", \"api_base_url\": \"%s\", \"api_key\": \"k\"},";
    String text =
        "{\"APIKEY\": \"" + Router.KEY + "\", \"HOST\": \"127.0.0.1\", \"Providers\": ["
            + providers.formatted("openai", place.origin() + "/v1/chat/completions")
            + providers.formatted("anthropic", place.origin() + "/v1/messages")
            + providers.formatted(Steady.PROVIDER, steady.origin() + "/v1/chat/completions")
            + "]}";
    return ConfigReader.parse("test.json", text, Map.of("CCR_PORT", "0"));
  }
}
