package dev.ccr.proxy.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.Profile;
import dev.ccr.proxy.route.RequestScan;
import dev.ccr.proxy.testing.JsonTree;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbered cases of the translation's specification that are about requests. */
final class RequestVectorsTest {

  private static final String IMAGE =
      "{`type`:`image`,`source`:{`type`:`base64`,`media_type`:`image/png`,`data`:`iVBO`}}";
  private static final String CALLS =
      "{`role`:`assistant`,`content`:[{`type`:`tool_use`,`id`:`a`,`name`:`f`,`input`:{}},"
          + "{`type`:`tool_use`,`id`:`b`,`name`:`f`,`input`:{`x`:1.0}}]},";
  private static final String CALLED =
      "{`role`:`assistant`,`content`:null,`tool_calls`:[{`id`:`a`,`type`:`function`,`function`:"
          + "{`name`:`f`,`arguments`:`{}`}},{`id`:`b`,`type`:`function`,`function`:{`name`:`f`,"
          + "`arguments`:`{\\`x\\`:1.0}`}}]},";
  private static final String THOUGHT =
      "{`role`:`assistant`,`content`:[{`type`:`thinking`,`thinking`:`t`,`signature`:`s`},"
          + "{`type`:`text`,`text`:`a`}]}";

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "V18 an image in a result | openai | CALLS{`role`:`user`,`content`:[{`type`:`tool_result`,"
            + "`tool_use_id`:`a`,`content`:[{`type`:`text`,`text`:`x`},IMAGE]},{`type`:"
            + "`tool_result`,`tool_use_id`:`b`,`content`:`y`}]} | CALLED{`role`:`tool`,"
            + "`tool_call_id`:`a`,`content`:`x`},{`role`:`tool`,`tool_call_id`:`b`,`content`:`y`},"
            + "{`role`:`user`,`content`:[{`type`:`image_url`,`image_url`:{`url`:"
            + "`data:image/png;base64,iVBO`}}]}",
        "V19 text around a result | openai | CALLS{`role`:`user`,`content`:[{`type`:`text`,`text`:"
            + "`one`},{`type`:`tool_result`,`tool_use_id`:`a`,`content`:`x`},{`type`:`tool_result`,"
            + "`tool_use_id`:`b`,`content`:`y`},{`type`:`text`,`text`:`two`}]} | CALLED{`role`:"
            + "`tool`,`tool_call_id`:`a`,`content`:`x`},{`role`:`tool`,`tool_call_id`:`b`,"
            + "`content`:`y`},{`role`:`user`,`content`:[{`type`:`text`,`text`:`one`},{`type`:"
            + "`text`,`text`:`two`}]}",
        "V20 thinking | openai | THOUGHT | {`role`:`assistant`,`content`:`a`}",
        "V20 thinking | openrouter | THOUGHT | {`role`:`assistant`,`content`:`a`,"
            + "`reasoning_details`:[{`type`:`reasoning.text`,`text`:`t`,`signature`:`s`,`format`:"
            + "`anthropic-claude-v1`,`index`:0}]}",
        "V20 thinking | deepseek | THOUGHT | {`role`:`assistant`,`content`:`a`,"
            + "`reasoning_content`:`t`}",
        "V20 thinking | gemini | THOUGHT | {`role`:`assistant`,`content`:`a`}",
        "V20 thinking | anthropic | THOUGHT | THOUGHT",
        "V21 text of any kind | openai | {`role`:`user`,`content`:`\u2028 \\u0000 👩‍👩‍👧 e\u0301\u0302"
            + " \\ud83d\\ude00`} | {`role`:`user`,`content`:`\u2028 \\u0000 👩‍👩‍👧 e\u0301\u0302"
            + " \\ud83d\\ude00`}",
      })
  void aConversationIsSaidTo(String vector, String provider, String messages, String expected)
      throws Failure {
    assertNotNull(vector);
    String sent = encode(provider, "{`model`:`m`,`messages`:[" + messages + "]}");
    Object tree = JsonTree.parse(sent).orElse("no JSON: " + sent);
    assertTrue(tree instanceof Map<?, ?>, tree.toString());
    assertEquals(
        JsonTree.parse(expand("[" + expected + "]")),
        Optional.ofNullable(((Map<?, ?>) tree).get("messages")));
  }

  @Test
  void v17TwoLongNamesWithOneBeginningStayDistinctInToolsAndHistory() throws Failure {
    String name = "mcp__" + "x".repeat(70) + "__";
    String sent =
        encode(
            "openai",
            ("{`model`:`m`,`tools`:[{`name`:`NAMEread`},{`name`:`NAMEwrite`}],`tool_choice`:"
                    + "{`type`:`tool`,`name`:`NAMEwrite`},`messages`:[{`role`:`assistant`,`content`:"
                    + "[{`type`:`tool_use`,`id`:`a`,`name`:`NAMEwrite`,`input`:{}}]}]}")
                .replace("NAME", name));
    List<String> names =
        Pattern.compile("\"name\":\"(.*?)\"").matcher(sent).results().map(m -> m.group(1)).toList();
    assertEquals(4, names.size(), sent);
    assertEquals(2, names.stream().distinct().count(), sent);
    assertTrue(names.stream().allMatch(n -> n.matches("[a-zA-Z0-9_-]{1,64}")), sent);
    assertEquals(names.get(0), names.get(3), "history and choice name the same tool");
  }

  private static String expand(String text) {
    return text.replace("CALLS", CALLS)
        .replace("CALLED", CALLED)
        .replace("THOUGHT", THOUGHT)
        .replace("IMAGE", IMAGE)
        .replace('`', '"');
  }

  private static String encode(String provider, String request) throws Failure {
    Profile profile = Profile.named(provider);
    assertNotNull(profile, provider);
    byte[] bytes = expand(request).getBytes(UTF_8);
    ByteBuf in = ByteBufAllocator.DEFAULT.directBuffer().writeBytes(bytes);
    try {
      Splices splices = new Splices(in);
      ByteBuf out =
          splices.build(
              Dialect.codec(profile)
                  .open(new RequestScan().scan(in), "m", Long.MAX_VALUE)
                  .encodeRequest(in, splices),
              ByteBufAllocator.DEFAULT);
      try {
        return out.toString(UTF_8);
      } finally {
        out.release();
      }
    } finally {
      in.release();
    }
  }
}
