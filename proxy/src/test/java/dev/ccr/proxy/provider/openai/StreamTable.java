package dev.ccr.proxy.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ccr.proxy.claude.ErrorBody;
import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.testing.Cuts;
import dev.ccr.proxy.testing.Grammar;
import dev.ccr.proxy.testing.Transcript;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Short forms of upstream and Claude events, so that a stream fits on one line of a table. */
final class StreamTable {

  private static final Pattern DATA = Pattern.compile("\"type\":\"([a-z_]+)\"");

  /** Beyond this length not all pairs of places are tried. */
  private static final int DENSE_LENGTH = 300;

  private StreamTable() {}

  /** The events of {@code stream}, which are parted by {@code " | "}, as an upstream sends them. */
  static String expand(String stream) {
    return Arrays.stream(stream.split(" \\| ", -1))
        .map(
            event ->
                switch (event.strip().split(" ", 2)[0]) {
                  case "text" -> choice("{\"content\":\"" + rest(event) + "\"}", "null");
                  case "finish" -> choice("{}", "\"" + rest(event) + "\"");
                  case "call" -> choice("{\"tool_calls\":[" + rest(event) + "]}", "null");
                  case "delta" -> choice("{" + rest(event) + "}", "null");
                  case "chunk" -> "data: {" + rest(event) + "}\n\n";
                  case "raw" -> rest(event);
                  case "done" -> "data: [DONE]\n\n";
                  default -> throw new IllegalArgumentException(event);
                })
        .collect(Collectors.joining());
  }

  /** Runs a stream over cuts at every place; what is written must be well-formed each time. */
  static void overAllCuts(String stream, Consumer<Transcript> check) {
    byte[] body = expand(stream).getBytes(UTF_8);
    Cuts.of(body.length)
        .filter(cut -> body.length < DENSE_LENGTH || cut.length != 2 || isTried(cut[0], cut[1]))
        .forEach(
            cut -> {
              Transcript transcript = Transcript.run(transcoder(), Cuts.cut(body, cut), true);
              try {
                check.accept(transcript);
                if (cut.length < 2) { // the others say the same, or the check has failed
                  checkGrammar(transcript);
                }
              } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + " cut at " + Arrays.toString(cut), e);
              }
            });
  }

  /** Checks what a client gets, the error event included. */
  static void checkGrammar(Transcript transcript) {
    Failure failure = transcript.failure();
    if (failure == null) {
      Grammar.check(transcript.written());
      return;
    }
    ByteBuf event = Unpooled.buffer();
    ErrorBody.writeEvent(failure.type(), failure.getMessage(), "req_1", event);
    Grammar.check(transcript.written() + event.toString(UTF_8));
  }

  /** The kinds of events written, one word each, and the stop reason. */
  static String events(String written) {
    return written
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(StreamTable::event)
        .collect(Collectors.joining(" "));
  }

  static StreamTranscoder transcoder() {
    return open(true, true);
  }

  /**
   * Opens an answer.
   *
   * @param clientStreams what the client asks for
   * @param upstreamStreams what the upstream's answer is called
   */
  static StreamTranscoder open(boolean clientStreams, boolean upstreamStreams) {
    return new OpenAiCodec(ChatProfile.plain(), new Random(1))
        .open(new RequestFacts("requested", -1, -1, clientStreams), "requested", Long.MAX_VALUE)
        .openAnswer(upstreamStreams);
  }

  /** Every place alone, and one pair in sixteen. */
  private static boolean isTried(int first, int second) {
    return first == second || (first * 31 + second) % 16 == 0;
  }

  private static String choice(String delta, String finish) {
    return "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":" + delta
        + ",\"finish_reason\":" + finish + "}]}\n\n";
  }

  private static String rest(String event) {
    return event.strip().split(" ", 2)[1].replace("\\n", "\n").replace("\\r", "\r");
  }

  private static String event(String line) {
    List<String> types = DATA.matcher(line).results().map(r -> r.group(1)).toList();
    return switch (types.getFirst()) {
      case "message_start" -> "start";
      case "content_block_start" ->
          types.get(1) + (types.get(1).equals("tool_use") ? named(line) : "[");
      case "content_block_delta" ->
          line.replaceAll(".*(?:text|json|thinking|signature)\":\"(.*)\"}}$", "$1");
      case "content_block_stop" -> "]";
      case "message_delta" -> line.replaceAll(".*stop_reason\":\"([a-z_]+)\".*", "$1");
      case "message_stop" -> "stop";
      default -> types.getFirst();
    };
  }

  private static String named(String line) {
    String name = line.replaceAll(".*\"name\":\"(.*)\",\"input.*", "$1");
    return name.length() < 2 ? "[" : ":" + name + "[";
  }
}
