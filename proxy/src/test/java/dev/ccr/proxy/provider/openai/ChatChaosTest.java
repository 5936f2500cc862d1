package dev.ccr.proxy.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.testing.Cuts;
import dev.ccr.proxy.testing.JsonTree;
import dev.ccr.proxy.testing.LeakCheck;
import dev.ccr.proxy.testing.Transcript;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Whatever an upstream sends: a well-formed answer, or one that an error ends. */
final class ChatChaosTest {

  private static final List<String> DELTAS =
      List.of(
          "\"content\":\"a\"",
          "\"content\":\"\\ud83d\\ude00 \\\"\\n\\u2028é世\"",
          "\"content\":\"\\ud83d\"",
          "\"content\":\"\"",
          "\"content\":null",
          "\"content\":[{\"type\":\"text\",\"text\":\"p\"},{\"thinking\":[{\"text\":\"q\"}]}]",
          "\"reasoning\":\"r\"",
          "\"reasoning_content\":\"s\"",
          "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"t\",\"index\":0}]",
          "\"reasoning_details\":[{\"signature\":\"S\",\"format\":\"anthropic-claude-v1\","
              + "\"index\":0}]",
          "\"reasoning_details\":[{\"signature\":\"T\",\"index\":1},{\"summary\":\"u\"}]",
          "\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"D\",\"x\":[{}]}]",
          "\"refusal\":\"no\"",
          "\"annotations\":[{\"url_citation\":{\"url\":\"u\",\"title\":\"t\"}}]",
          "\"function_call\":{\"name\":\"old\",\"arguments\":\"{}\"}");

  private static final List<String> IDS = List.of("", "", "\"id\":\"i\",", "\"id\":\"j\",",
      "\"id\":\"functions.f:0\",", "\"id\":null,");
  private static final List<String> NUMBERS =
      List.of("", "\"index\":0,", "\"index\":0,", "\"index\":1,", "\"index\":7,");
  private static final List<String> NAMES =
      List.of("", "\"name\":\"f\",", "\"name\":\"f\",", "\"name\":\"f\",", "\"name\":\"g\",",
          "\"name\":\"get_\",", "\"name\":null,");
  private static final List<String> ARGUMENTS =
      List.of("\"\"", "\"\"", "\"{}\"", "\"{}\"", "\"{}\"", "\"{}\"", "{}",
          "\"{\"", "\"}\"", "\"{\\\"a\\\":1\"", "\"[1]\"", "null",
          "\"null\"", "{\"b\":[1.0]}", "\"{\\\"c\\\":\\\"\\ud83d\"", "\"\\\"}\"");
  private static final List<String> FINISHES =
      List.of("null", "null", "null", "null", "\"stop\"", "\"length\"", "\"tool_calls\"",
          "\"content_filter\"", "\"eos\"", "\"stop\",\"native_finish_reason\":\"pause_turn\"",
          "\"stop\",\"stop_reason\":\"X\"");
  private static final List<String> OTHERS =
      List.of(
          ": comment\n\n",
          "data: [DONE]\n\n",
          "data: keep-alive\n\n",
          "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,"
              + "\"total_tokens\":9,\"completion_tokens_details\":{\"reasoning_tokens\":2}}}\n\n",
          "data: {\"citations\":[\"u\"],\"choices\":[]}\r\n\r\n",
          "data: {\"error\":{\"code\":429,\"message\":\"slow\"}}\n\n",
          "data: {\"message\":\"m\",\"code\":400}\n\n",
          "event: x\rdata: {\"choices\":\rdata: [{\"index\":1,\"delta\":{\"content\":\"z\"}}]}\r\r");

  @Property(tries = 5000, shrinking = ShrinkingMode.OFF)
  void whateverComesTheClientGetsAWellFormedAnswer(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] body = stream(random).getBytes(UTF_8);
    for (int i = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0; i > 0; i--) {
      body = mutate(body, random);
    }
    boolean cleanly = random.nextBoolean();
    Transcript whole = Transcript.run(open(true), List.of(body), cleanly);
    StreamTable.checkGrammar(whole);
    Transcript cut = Transcript.run(open(true), pieces(body, random), cleanly);
    assertEquals(whole.written(), cut.written());
    assertEquals(status(whole), status(cut));

    Transcript message = Transcript.run(open(false), pieces(body, random), cleanly);
    if (message.failure() == null) {
      Object json = JsonTree.parse(message.written()).orElse("no JSON: " + message.written());
      assertTrue(json instanceof Map<?, ?>, json.toString());
    }
    LeakCheck.check();
  }

  private static String stream(Random random) {
    StringBuilder stream = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      int kind = random.nextInt(20);
      stream.append(kind == 0 ? any(OTHERS, random) : chunk(random));
    }
    if (random.nextInt(4) > 0) {
      stream.append("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
    }
    return stream.append(random.nextInt(4) > 0 ? "data: [DONE]\n\n" : "").toString();
  }

  private static String chunk(Random random) {
    StringBuilder delta = new StringBuilder("\"role\":\"assistant\"");
    for (int i = random.nextInt(3); i > 0; i--) {
      delta.append(',').append(any(DELTAS, random));
    }
    if (random.nextInt(3) == 0) {
      delta.append(",\"tool_calls\":[");
      for (int i = random.nextInt(3); i >= 0; i--) {
        delta
            .append('{')
            .append(any(NUMBERS, random))
            .append(any(IDS, random))
            .append("\"function\":{")
            .append(any(NAMES, random))
            .append("\"arguments\":")
            .append(any(ARGUMENTS, random))
            .append(i == 0 ? "}}" : "}},");
      }
      delta.append(']');
    }
    return "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{" + delta
        + "},\"finish_reason\":" + any(FINISHES, random) + "}]}\n\n";
  }

  private static byte[] mutate(byte[] body, Random random) {
    if (body.length == 0) {
      return body;
    }
    int at = random.nextInt(body.length);
    int to = Math.min(body.length, at + 1 + random.nextInt(8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(body, 0, at);
    switch (random.nextInt(3)) {
      case 0 -> { // a bit flips
        out.write(body[at] ^ (1 << random.nextInt(8)));
        out.write(body, at + 1, body.length - at - 1);
      }
      case 1 -> out.write(body, to, body.length - to); // bytes are lost
      default -> { // bytes come twice
        out.write(body, at, to - at);
        out.write(body, at, body.length - at);
      }
    }
    return out.toByteArray();
  }

  private static List<byte[]> pieces(byte[] body, Random random) {
    int[] cut = random.ints(random.nextInt(30), 0, body.length + 1).sorted().toArray();
    return Cuts.cut(body, random.nextInt(8) == 0 ? everywhere(body.length) : cut);
  }

  private static int[] everywhere(int length) {
    int[] cut = new int[Math.max(0, length - 1)];
    Arrays.setAll(cut, i -> i + 1);
    return cut;
  }

  private static int status(Transcript transcript) {
    Failure failure = transcript.failure();
    return failure == null ? 200 : failure.status();
  }

  private static StreamTranscoder open(boolean clientStreams) {
    return new OpenAiCodec(ChatProfile.plain(), new Random(1))
        .open(new RequestFacts("requested", -1, -1, clientStreams), "requested", Long.MAX_VALUE)
        .openAnswer(true);
  }

  private static String any(List<String> words, Random random) {
    return words.get(random.nextInt(words.size()));
  }
}
