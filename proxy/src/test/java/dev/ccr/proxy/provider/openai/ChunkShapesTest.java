package dev.ccr.proxy.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.MalformedStreamException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.testing.Cuts;
import dev.ccr.proxy.testing.Transcript;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events that are read by comparing them with one that a parser has read. */
final class ChunkShapesTest {

  private static final String OPENAI =
      "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"#\"},"
          + "\"logprobs\":null,\"finish_reason\":null}],\"obfuscation\":\"@\"}\n\n";

  private static final String OPENROUTER =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\","
          + "\"reasoning\":\"#\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"#\","
          + "\"format\":\"unknown\",\"index\":0}]},\"finish_reason\":null}]}\n\n";

  private static final String CALL =
      "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":1,\"id\":\"i1\",\"function\":"
          + "{\"name\":\"f\",\"arguments\":\"#\"}}]}}]}\n\n";

  private static final List<String> TEMPLATES =
      List.of(
          OPENAI,
          OPENAI.replace("data: ", "data:"),
          OPENAI.replace("\n", "\r\n"),
          OPENAI.replace("}\n", "} \n"),
          OPENAI.replace("\"obfuscation\"", "\"p\""),
          OPENAI.replace("\"content\"", "\"reasoning_content\""),
          OPENAI.replace("\"finish_reason\":null", "\"finish_reason\":\"stop\""),
          OPENAI.replace(
              "\"obfuscation\":\"@\"", "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}"),
          OPENAI.replace("\"obfuscation\":\"@\"", "\"citations\":[\"u\"]"),
          OPENAI.replace("\"#\"", "[{\"type\":\"text\",\"text\":\"#\"}]"),
          OPENAI.replace("\"content\"", "\"refusal\":\"no\",\"content\""),
          OPENAI.replace("\"content\":\"#\"", "\"content\":\"#\",\"content\":\"#\""),
          OPENAI.replace("{\"index\":0", "{\"index\":1"),
          OPENROUTER,
          OPENROUTER.replace("\"format\"", "\"signature\":\"S\",\"format\""),
          OPENROUTER.replace("reasoning.text", "reasoning.encrypted").replace("text\"", "data\""),
          CALL,
          CALL.replace("1", "2"),
          CALL.replace("1", "3"),
          CALL.replace("\"id\":\"i1\",", "").replace("\"name\":\"f\",", ""),
          CALL.replace("function\"", "custom\"").replace("arguments", "input"),
          CALL.replace("\"#\"", "{\"a\":\"#\"}"),
          "data: {\"error\":{\"message\":\"#\"}}\n\n",
          ": comment\n\n",
          "data: [DONE]\n\n");

  private static final List<String> TEXTS =
      List.of(
          "", "", "a", " word", "{}", "{\\\"k\\\":1", "}", "\\n", "é", "世界", "\\u4e16", "\\ud83d",
          "\\ude00", "😀", "\\\\", "\\\"", "\\/", "x".repeat(500));

  private final ChunkShapes shapes = new ChunkShapes();
  private ChunkParser parser = ChunkParser.of(new ChatFacts(), shapes);
  private final ChatChunk chunk = parser.chunk();

  /** Lets a parser read the event. */
  private void learn(String event) throws MalformedStreamException {
    ByteBuf in = Unpooled.directBuffer().writeBytes(event.getBytes(UTF_8));
    int start = event.indexOf('{');
    int end = event.replace('\r', '\n').indexOf('\n');
    parser.open(in);
    parser.begin(in, start, end);
    parser.feed(start, end);
    while (parser.read()) {
      chunk.clear();
    }
    in.release();
  }

  /** What is read of the event without a parser; {@code null} if nothing is. */
  private String read(String event) {
    byte[] in = event.getBytes(UTF_8);
    int end = shapes.areSome() ? shapes.read(in, 0, in.length, parser.text(), chunk) : -1;
    String read =
        end < 0 ? "nothing" : chunk.content + "/" + chunk.reasoning + "/" + calls() + "/" + end;
    chunk.clear();
    return read;
  }

  private String calls() {
    return chunk.calls.size() == 0
        ? ""
        : chunk.calls.last().index + chunk.calls.last().id + chunk.calls.last().arguments;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'choices':[{'delta':{'content':'a'}}]}; {'choices':[{'delta':{'content':'bcd'}}]}; bcd//",
        "{'choices':[{'delta':{'content':'a'}}],'p':'x'};"
            + " {'choices':[{'delta':{'content':'b'}}],'p':'xyz'}; b//",
        "{'p':'x','choices':[{'delta':{'content':'a'}}]};"
            + " {'p':'','choices':[{'delta':{'content':''}}]}; //",
        "{'choices':[{'delta':{'reasoning':'r','content':null}}]};"
            + " {'choices':[{'delta':{'reasoning':'s','content':null}}]}; /s/",
        "{'choices':[{'delta':{'tool_calls':[{'index':3,'function':{'arguments':'{'}}]}}]};"
            + " {'choices':[{'delta':{'tool_calls':[{'index':3,'function':{'arguments':'}'}}]}}]};"
            + " //3}",
        "{'choices':[{'delta':{'content':'a'},'finish_reason':null}]};"
            + " {'choices':[{'delta':{'content':'b'},'finish_reason':'stop'}]}; nothing",
        "{'choices':[{'delta':{'content':'a'}}],'created':1};"
            + " {'choices':[{'delta':{'content':'a'}}],'created':2}; nothing",
        "{'choices':[{'delta':{'content':'a'}}],'model':'m'};"
            + " {'choices':[{'delta':{'content':'a'}}],'model':'n'}; nothing",
        "{'choices':[{'delta':{'content':'a'}}]} {};"
            + " {'choices':[{'delta':{'content':'b'}}]} {}; nothing",
        "{'choices':[{'delta':{'content':[{'text':'a'}]}}],'p':'x'};"
            + " {'choices':[{'delta':{'content':[{'text':'a'}]}}],'p':'y'}; nothing",
        "{'choices':[{'delta':{'content':'a'}}],'citations':['u']};"
            + " {'choices':[{'delta':{'content':'b'}}],'citations':['u']}; nothing",
        "{'choices':[{'delta':{'content':'a'}}],'usage':{'total_tokens':1}};"
            + " {'choices':[{'delta':{'content':'b'}}],'usage':{'total_tokens':1}}; nothing",
        "{'choices':[{'index':1,'delta':{'content':'a'}}]};"
            + " {'choices':[{'index':1,'delta':{'content':'b'}}]}; nothing",
        "{'error':{'message':'a'}}; {'error':{'message':'b'}}; nothing",
      })
  void anEventThatDiffersInItsTextIsReadWithoutAParser(String first, String next, String read)
      throws Exception {
    String event = "data: " + next.replace('\'', '"') + "\n\n";
    learn("data: " + first.replace('\'', '"') + "\n\n");
    assertEquals(read.equals("nothing") ? read : read + "/" + event.length(), read(event));
    assertEquals("nothing", read(event.substring(0, event.length() - 1)), "half an event");
  }

  @Test
  void whatIsOfNoUseIsNotLearntForEver() throws Exception {
    for (int i = 0; i < 8; i++) {
      learn(OPENAI.replace("\"m\"", "\"m" + i + "\""));
    }
    assertEquals("nothing", read(OPENAI.replace("\"m\"", "\"m7\"")));
  }

  @Test
  void aParserThatIsGivenBackLearnsForWhoeverHasItNext() throws Exception {
    parser.giveBack();
    ChunkShapes others = new ChunkShapes();
    parser = ChunkParser.of(new ChatFacts(), others);
    learn(OPENAI);
    assertFalse(shapes.areSome());
    assertTrue(others.areSome());
  }

  @Test
  void severalShapesTakeTurns() throws Exception {
    for (int i = 0; i < 4; i++) {
      learn(CALL.replace("1", "" + i));
    }
    for (int i = 0; i < 40; i++) {
      String event = CALL.replace("1", "" + i % 4).replace("#", "t" + i);
      assertEquals("//" + i % 4 + "i" + i % 4 + "t" + i + "/" + event.length(), read(event));
    }
  }

  /** Cut at each byte no event is whole, so that a parser reads all of them. */
  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void theClientGetsWhatAParserWouldHaveGivenIt(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder stream = new StringBuilder();
    List<String> some = List.of(any(TEMPLATES, random), any(TEMPLATES, random), OPENAI);
    for (int i = random.nextInt(16); i >= 0; i--) {
      String event = any(some, random);
      while (event.contains("#")) {
        event = event.replaceFirst("#", quoted(any(TEXTS, random)));
      }
      stream.append(event.replaceFirst("@", "x".repeat(random.nextInt(9))));
    }
    byte[] body = stream.append("data: [DONE]\n\n").toString().getBytes(UTF_8);
    if (random.nextInt(3) == 0) {
      body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
    }
    int[] everywhere = new int[body.length - 1];
    Arrays.setAll(everywhere, i -> i + 1);
    Transcript parsed = Transcript.run(open(), Cuts.cut(body, everywhere), true);
    Transcript whole = Transcript.run(open(), List.of(body), true);
    assertEquals(parsed.written(), whole.written());
    assertEquals(status(parsed), status(whole));
  }

  private static String quoted(String text) {
    return Matcher.quoteReplacement(text);
  }

  private static int status(Transcript transcript) {
    Failure failure = transcript.failure();
    return failure == null ? 200 : failure.status();
  }

  private static StreamTranscoder open() {
    return new OpenAiCodec(ChatProfile.plain(), new Random(1))
        .open(new RequestFacts("requested", -1, -1, true), "requested", Long.MAX_VALUE)
        .openAnswer(true);
  }

  private static String any(List<String> words, Random random) {
    return words.get(random.nextInt(words.size()));
  }
}
