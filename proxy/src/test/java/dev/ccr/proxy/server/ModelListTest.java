package dev.ccr.proxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.model.RequestException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelListTest {

  private static final ModelList MODELS =
      new ModelList(
          List.of(
              new Provider("or", URI.create("http://or"), List.of("anthropic/claude-x", "glm")),
              new Provider("box", URI.create("http://box"), List.of("qwen"))));

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "''; or,anthropic/claude-x or,glm claude-ccr-or,glm box,qwen claude-ccr-box,qwen; false",
        "limit=1000; or,anthropic/claude-x or,glm claude-ccr-or,glm box,qwen claude-ccr-box,qwen;"
            + " false",
        "limit=2; or,anthropic/claude-x or,glm; true",
        "limit=2&after_id=or,glm; claude-ccr-or,glm box,qwen; true",
        "limit=2&after_id=box,qwen; claude-ccr-box,qwen; false",
        "after_id=claude-ccr-box,qwen; ''; false",
        "limit=2&before_id=box,qwen; or,glm claude-ccr-or,glm; true",
        "limit=9&before_id=or,glm; or,anthropic/claude-x; false",
        "limit=1&after_id=nobody; or,anthropic/claude-x; true",
      })
  void aPageHoldsWhatIsAskedFor(String query, String ids, boolean more) throws Exception {
    String page = page(query);
    assertEquals(ids, ids(page));
    assertTrue(page.contains("\"has_more\":" + more), page);
    String first = ids.isEmpty() ? "null" : "\"" + ids.split(" ", 2)[0] + "\"";
    assertTrue(page.contains("\"first_id\":" + first), page);
  }

  @ParameterizedTest
  @CsvSource({"limit=0", "limit=1001", "limit=x", "limit=-1"})
  void aLimitOutOfBoundsIsRefused(String query) {
    RequestException refusal =
        assertThrows(RequestException.class, () -> page(query));
    assertEquals(400, refusal.status());
  }

  @Test
  void aModelIsShownAsTheClaudeApiShowsItsOwn() {
    ByteBuf out = ByteBufAllocator.DEFAULT.buffer();
    assertTrue(MODELS.writeModel("claude-ccr-box,qwen", out));
    assertEquals(
        "{\"type\":\"model\",\"id\":\"claude-ccr-box,qwen\",\"display_name\":\"qwen (box)\","
            + "\"created_at\":\"1970-01-01T00:00:00Z\"}",
        Samples.take(out));
    ByteBuf none = ByteBufAllocator.DEFAULT.buffer();
    assertFalse(MODELS.writeModel("qwen", none));
    assertEquals("", Samples.take(none));
  }

  private static String page(String query) throws RequestException {
    ByteBuf out = ByteBufAllocator.DEFAULT.buffer();
    try {
      MODELS.writePage(
          ModelList.Page.of(new QueryStringDecoder("?" + query).parameters()), out);
      return out.toString(StandardCharsets.UTF_8);
    } finally {
      out.release();
    }
  }

  private static String ids(String page) {
    return Pattern.compile("\"id\":\"(.*?)\"")
        .matcher(page)
        .results()
        .map(id -> id.group(1))
        .collect(Collectors.joining(" "));
  }
}
