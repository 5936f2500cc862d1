package dev.ccr.proxy.provider.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages that an answer cites reach the client as results of a search. */
final class ChatSourcesTest {

  private static final String CITED =
      "{\"type\":\"url_citation\",\"url_citation\":{\"url\":\"u\",\"title\":\"t\",\"content\":\"c\","
          + "\"start_index\":0,\"end_index\":1}}";
  private static final String BLOCKS = "server_tool_use[ ] web_search_tool_result[ ]";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "annotations; text a | delta \"annotations\":[" + CITED + ",{\"type\":\"url_citation\","
            + "\"url\":\"v\"},{\"type\":\"other\"}] | text b | done;"
            + " start text[ a ] " + BLOCKS + " text[ b ] end_turn stop; u t v .",
        "none; text a | delta \"annotations\":[] | delta \"annotations\":null | done;"
            + " start text[ a ] end_turn stop; ``",
        "with text and a call; delta \"annotations\":[" + CITED + "],\"content\":\"a\","
            + "\"tool_calls\":[{\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\","
            + "\"arguments\":\"{}\"}}] | done;"
            + " start text[ a ] " + BLOCKS + " tool_use[ {} ] tool_use stop; u t",
        "inside a call; call {\"index\":0,\"id\":\"i\",\"function\":{\"name\":\"f\","
            + "\"arguments\":\"{\"}} | delta \"annotations\":[" + CITED + "]"
            + " | call {\"index\":0,\"function\":{\"arguments\":\"}\"}} | done;"
            + " start tool_use[ { } ] " + BLOCKS + " tool_use stop; u t",
        "Perplexity; chunk \"citations\":[\"u\"],\"choices\":[{\"delta\":{\"content\":\"a\"}}]"
            + " | chunk \"citations\":[\"u\",\"v\"],\"choices\":[] | done;"
            + " start text[ a ] " + BLOCKS + " end_turn stop; u . v .",
        "its search results; text a | chunk \"citations\":[\"u\"],\"search_results\":[{\"title\":"
            + "\"t\",\"url\":\"u\",\"date\":null}],\"choices\":[] | done;"
            + " start text[ a ] " + BLOCKS + " end_turn stop; u t",
        "annotations and citations; text a | delta \"annotations\":[" + CITED + "]"
            + " | chunk \"citations\":[\"u\"],\"choices\":[] | done;"
            + " start text[ a ] " + BLOCKS + " end_turn stop; u t"
      })
  void citedPagesBecomeSearchResults(
      String name, String stream, String expected, String pages) {
    assertNotNull(name);
    StreamTable.overAllCuts(
        stream,
        transcript -> {
          assertNull(transcript.failure());
          String written = transcript.written();
          assertEquals(expected, StreamTable.events(written));
          assertEquals(pages, pages(written));
          if (!pages.isEmpty()) {
            String id = written.replaceAll("(?s).*\"tool_use_id\":\"(srvtoolu_\\w+)\".*", "$1");
            assertTrue(written.contains("\"server_tool_use\",\"id\":\"" + id + "\""), written);
          }
        });
  }

  private static String pages(String written) {
    return Pattern.compile("\"url\":\"(.*?)\",\"title\":\"(.*?)\"")
        .matcher(written)
        .results()
        .map(page -> page.group(1) + " " + (page.group(2).isEmpty() ? "." : page.group(2)))
        .collect(Collectors.joining(" "));
  }
}
