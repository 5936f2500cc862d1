package dev.ccr.proxy.faults;

import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Scenarios;
import dev.ccr.proxy.model.Profile;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Fixture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An upstream's event stream that comes to its finish, and the client's request that it answers.
 *
 * @param name where it is from
 * @param claude whether it is the Claude API's
 * @param request a client's, which wants a stream
 * @param bytes the stream
 * @param finish how many bytes it takes until the finish is said; a stream that is cut before has
 *     none
 * @param finished how many bytes it takes until the event of the finish is whole; a stream that is
 *     cut behind has one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RecordedStream(
    String name, boolean claude, String request, byte[] bytes, int finish, int finished) {

  static final int COUNT = 30;

  /** All of them count with {@code -Pfaults}, but for those that would take an hour. */
  private static final int MAX_BYTES = 8_192;

  private static final boolean ALL_FAULTS = Boolean.getBoolean("faults.all");

  private static final List<String> SCENARIOS =
      List.of("hello", "thinking", "tool", "parallel-tools", "length");

  /** The line of data that says the finish. */
  private static final Pattern CHAT_FINISH =
      Pattern.compile("(?m)^data: ?(?:\\{.*\"finish_reason\": ?\".*}|\\[DONE])(?:\r?\n){2}");

  private static final Pattern CLAUDE_FINISH =
      Pattern.compile("event: message_stop\ndata: \\{\"type\": ?\"message_stop\".*?}\n\n");

  /**
   * All streams of the Claude API that are there, and the shortest of OpenAI's format, {@link
   * #COUNT} in all: of the mock's scenarios, and of the fixtures whose client wants a stream. No
   * two have the same bytes. With all faults all streams of a bearable length.
   */
  static List<RecordedStream> all() {
    List<RecordedStream> streams = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Stream.of(
            Stream.concat(scenarios(true).stream(), fixtures("anthropic")),
            Stream.concat(scenarios(false).stream(), fixtures("openai"))
                .sorted(Comparator.comparingInt(stream -> stream.bytes.length)))
        .flatMap(s -> s)
        .filter(s -> s.bytes.length <= MAX_BYTES)
        .filter(s -> seen.add(new String(s.bytes, StandardCharsets.UTF_8)))
        .limit(ALL_FAULTS ? Integer.MAX_VALUE : COUNT)
        .forEach(streams::add);
    return streams;
  }

  /** Providers of all profiles, by whose names the requests ask for them. */
  static String providers(String host) {
    StringBuilder providers = new StringBuilder();
    for (Profile profile : Profile.values()) {
      providers
          .append(providers.isEmpty() ? "" : ",\n")
          .append("{\"name\": \"%s\", \"profile\": \"%s\", \"api_key\": \"k\",".formatted(
              profile.key(), profile.key()))
          .append(" \"api_base_url\": \"%s%s\"}".formatted(
              host, profile.speaksClaude() ? "/v1/messages" : "/v1/chat/completions"));
    }
    return providers.toString();
  }

  @Override
  public String toString() {
    return name + ", " + bytes.length + " bytes";
  }

  private static RecordedStream of(String name, boolean claude, String request, byte[] bytes) {
    // One character a byte, so that what the pattern finds are offsets.
    Matcher finish =
        (claude ? CLAUDE_FINISH : CHAT_FINISH)
            .matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    if (!finish.find()) {
      throw new IllegalStateException(name + ": a stream without a finish");
    }
    int said = finish.start() + finish.group().stripTrailing().length();
    return new RecordedStream(name, claude, request, bytes, said, finish.end());
  }

  private static Stream<RecordedStream> fixtures(String dialect) {
    return Fixture.of(dialect).stream()
        .filter(fixture -> fixture.upstreamStreams() && fixture.clientStreams())
        .map(
            fixture ->
                of(
                    fixture.toString(),
                    dialect.equals("anthropic"),
                    new String(fixture.bytes("claude-request.json"), StandardCharsets.UTF_8),
                    fixture.upstreamAnswer()));
  }

  private static List<RecordedStream> scenarios(boolean claude) {
    String path = claude ? "/v1/messages" : "/v1/chat/completions";
    List<RecordedStream> streams = new ArrayList<>();
    try (MockUpstream mock = MockUpstream.start(new Scenarios());
        HttpClient client = HttpClient.newHttpClient()) {
      for (String scenario : SCENARIOS) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(mock.url(path)))
                .POST(HttpRequest.BodyPublishers.ofString(Chat.request(scenario, true)))
                .build();
        byte[] bytes = client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
        String asked = Chat.request((claude ? "anthropic," : "openai,") + scenario, true);
        streams.add(of("mock " + path + " " + scenario, claude, asked, bytes));
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return streams;
  }
}
