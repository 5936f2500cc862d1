package dev.ccr.proxy.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Assume;

/** What Jackson's strict parser makes of a text, as one line per token; empty if it refuses. */
final class JsonOracle {
  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION) // RFC 8259, 8.1: UTF-8 and nothing else
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonCursor.MAX_DEPTH)
                  .build())
          .build();

  private JsonOracle() {}

  /** Jackson lets overlong forms, surrogates and code points past U+10FFFF pass; the JDK not. */
  static Optional<List<String>> tokens(byte[] text) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      return tokens(JACKSON.createParser(text));
    } catch (CharacterCodingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static boolean accepts(String text) {
    try {
      return tokens(JACKSON.createParser(text.toCharArray())).isPresent();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<List<String>> tokens(JsonParser parser) throws IOException {
    List<String> tokens = new ArrayList<>();
    int depth = 0;
    int values = 0;
    try (parser) {
      for (JsonToken token; (token = parser.nextToken()) != null; ) {
        tokens.add(token + " " + parser.getText());
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        values += depth == 0 ? 1 : 0;
      }
    } catch (JsonProcessingException e) {
      // A half pair escaped in a name: Jackson refuses it, the grammar of RFC 8259 does not.
      Assume.that(!e.getOriginalMessage().contains("surrogate"));
      return Optional.empty();
    }
    return values == 1 ? Optional.of(tokens) : Optional.empty();
  }
}
